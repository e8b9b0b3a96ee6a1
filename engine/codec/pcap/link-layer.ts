import type { OctetView } from './octet-view.ts';

const ETHERTYPE_IPV4 = 0x0800;
const ETHERTYPE_IPV6 = 0x86dd;
const ETHERTYPE_VLAN = [0x8100, 0x88a8, 0x9100];

/** LINKTYPE_ numbers understood: null and loop, Ethernet, raw IP in its three numbers, Linux cooked in two versions. */
export const LINK_TYPES = {
  null: 0,
  ethernet: 1,
  rawBsd: 12,
  rawOpenBsd: 14,
  raw: 101,
  loop: 108,
  linuxCooked: 113,
  ipv4: 228,
  ipv6: 229,
  linuxCooked2: 276,
} as const;

/** Offset of the IP header behind the link layer's, or undefined when the packet carries no IP or is too short. */
export function ipHeaderAt(view: OctetView, linkType: number): number | undefined {
  switch (linkType) {
    case LINK_TYPES.ethernet:
      return behindEtherType(view, 12);
    case LINK_TYPES.linuxCooked:
      return behindEtherType(view, 14);
    case LINK_TYPES.linuxCooked2:
      return isIpType(view.u16(0)) ? 20 : undefined;
    // Four octets of address family, whose numbers differ between systems: the IP version says as much.
    case LINK_TYPES.null:
    case LINK_TYPES.loop:
      return hasIpVersion(view, 4) ? 4 : undefined;
    case LINK_TYPES.raw:
    case LINK_TYPES.rawBsd:
    case LINK_TYPES.rawOpenBsd:
    case LINK_TYPES.ipv4:
    case LINK_TYPES.ipv6:
      return hasIpVersion(view, 0) ? 0 : undefined;
    default:
      return undefined;
  }
}

/** Skips VLAN tags behind the type field at `at`. */
function behindEtherType(view: OctetView, at: number): number | undefined {
  let place = at;
  let type = view.u16(place);
  while (type !== undefined && ETHERTYPE_VLAN.includes(type)) {
    place += 4;
    type = view.u16(place);
  }
  return isIpType(type) ? place + 2 : undefined;
}

function isIpType(type: number | undefined): boolean {
  return type === ETHERTYPE_IPV4 || type === ETHERTYPE_IPV6;
}

function hasIpVersion(view: OctetView, at: number): boolean {
  const version = (view.u8(at) ?? 0) >> 4;
  return version === 4 || version === 6;
}
