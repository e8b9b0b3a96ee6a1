import { addAddress, addresses, removeAddress } from './address-list.ts';
import { type ClassLogic, SUCCESS } from './class-logic.ts';

const MULTICAST_V4 = 4;
const IPV6_OCTETS = 16;
/** Lists of IPv6 addresses by address_type: unicast, multicast, gateway. */
const LISTS_V6 = [4, 5, 6] as const;

/** IPv4 setup (class 42, Blue Book 4.9.2): its list of multicast addresses; the rest is kept as it is written. */
export const ipv4Setup: ClassLogic = {
  invoke(target, method, params) {
    if (method === 3)
      return { result: 'success', return: { data: { t: 'unsigned', v: addresses(target, MULTICAST_V4).length } } };
    if (method !== 1 && method !== 2) return undefined;
    if (params?.t !== 'double-long-unsigned') return { result: 'type-unmatched' };
    return method === 1 ? addAddress(target, MULTICAST_V4, params) : removeAddress(target, MULTICAST_V4, params);
  },
};

/** IPv6 setup (class 48, Blue Book 4.9.3): addresses are added to and removed from the list of their kind. */
export const ipv6Setup: ClassLogic = {
  invoke(target, method, params) {
    if (method !== 1 && method !== 2) return undefined;
    const [type, address] = params?.t === 'structure' && params.v.length === 2 ? params.v : [];
    const attribute = type?.t === 'enum' ? LISTS_V6[type.v] : undefined;
    const fits = address?.t === 'octet-string' && address.v.length === IPV6_OCTETS;
    if (!fits || attribute === undefined) return { result: 'type-unmatched' };
    return method === 1 ? addAddress(target, attribute, address) : removeAddress(target, attribute, address);
  },
};

/** Auto connect (class 29, Blue Book 4.7.6) version 2: the meter would call its destinations. */
export const autoConnect: ClassLogic = {
  invoke: ({ object }, method) => (method === 1 && object.methodCount > 0 ? SUCCESS : undefined),
};
