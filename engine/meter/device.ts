import { decodeHdlcFrame } from '../codec/hdlc/frame.ts';
import { fromHex } from '../codec/hex.ts';
import { GatewayServerLink } from '../link/gateway-server-link.ts';
import { HdlcServerLink } from '../link/hdlc-server-link.ts';
import { ModeEServerLink } from '../link/mode-e-server-link.ts';
import type { LinkPeer, ServerLink } from '../link/types.ts';
import { WrapperServerLink } from '../link/wrapper-server-link.ts';
import type { MeterModel, TransportModel } from '../template/model.ts';
import { identificationOf } from './identification-message.ts';
import type { AssignedSap, VirtualMeter } from './meter.ts';
import { physicalAddress } from './physical-address.ts';
import { behaviourOf, MeterSession, type SessionDevice, type SessionFigures, type SessionServer } from './session.ts';

/** Addresses of HDLC that mean every physical device, in one or two octets (wire.md 1.2). */
const ALL_STATIONS = new Set([0x7f, 0x3fff]);

export interface DeviceOptions {
  /** Unpredictable octets, for challenges. */
  readonly random: (length: number) => Uint8Array;
  readonly figures: SessionFigures;
  /** Simulated time the meters live in, milliseconds since the epoch. */
  readonly clock: () => number;
  /** Told of every request before it is answered. */
  readonly served?: ((meter: VirtualMeter) => void) | undefined;
}

/** A meter behind an endpoint. */
export interface DeviceMember {
  readonly meter: VirtualMeter;
  /**
   * Its number where several share the endpoint: the wPort of its logical device with the wrapper, its lower (physical)
   * address in HDLC. Undefined for a meter that is alone and has the addresses of its template.
   */
  readonly address?: number;
}

/**
 * What answers on one endpoint: one meter, or several that share a line or an address and differ in their logical or
 * physical device addresses.
 */
export class MeterDevice implements SessionDevice {
  readonly #transport: TransportModel;
  readonly #options: DeviceOptions;
  /** Those that are alone, or share a line and differ by what their templates say. */
  readonly #meters: VirtualMeter[];
  /** Those that share an address, by their numbers. */
  #members: Map<number, VirtualMeter> | undefined;

  constructor(meters: readonly VirtualMeter[], transport: TransportModel, options: DeviceOptions) {
    this.#meters = [...meters];
    this.#transport = transport;
    this.#options = options;
  }

  get meters(): readonly VirtualMeter[] {
    return this.#meters;
  }

  /** Puts a meter beside the others. */
  add({ meter, address }: DeviceMember): void {
    this.#meters.push(meter);
    if (address === undefined) return;
    this.#members ??= new Map();
    this.#members.set(address, meter);
    meter.neighbours = () => this.#assignedSaps();
  }

  /** Takes a meter away; the sessions have to be told. */
  remove(meter: VirtualMeter): void {
    const index = this.#meters.indexOf(meter);
    if (index >= 0) this.#meters.splice(index, 1);
    for (const [address, member] of this.#members ?? []) if (member === meter) this.#members?.delete(address);
    meter.neighbours = undefined;
  }

  #assignedSaps(): AssignedSap[] {
    return [...(this.#members ?? [])]
      .sort(([a], [b]) => a - b)
      .map(([sap, { logicalDeviceName }]) => ({ sap, logicalDeviceName }));
  }

  /** A session for a new connection; `datagrams` for UDP. */
  open(datagrams = false): MeterSession {
    const link = this.#behindGateway(
      this.#transport.framing === 'hdlc' ? this.#opened(this.#hdlcLink()) : this.#wrapperLink(datagrams),
    );
    const deaf = this.#meters.some(({ behaviours }) => behaviours?.mayDo('ignore'));
    return new MeterSession({
      link,
      device: this,
      ...this.#options,
      latencyMs: this.#meters[0]?.latencyMs ?? 0,
      ...(deaf && this.#transport.framing === 'hdlc' ? { hears: (octets) => this.#hears(octets) } : {}),
    });
  }

  /** Whether a fault keeps the device from taking connections at the moment. */
  refusesConnections(): boolean {
    return this.#meters.some((meter) => {
      if (meter.behaviours?.mayDo('refuse') !== true) return false;
      return behaviourOf(meter, this.#options.clock())?.refusesConnections === true;
    });
  }

  /** Quirks that make a meter deaf to single frames. Clients send those frames alone, so one look at the piece will do. */
  #hears(octets: Uint8Array): boolean {
    const decoded = decodeHdlcFrame(octets);
    if (!decoded.ok) return true;
    const { kind } = decoded.value.frame;
    if (kind !== 'SNRM' && kind !== 'DISC') return true;
    const frame = kind === 'SNRM' ? 'snrm' : 'disc';
    return !this.#meters.some((meter) => behaviourOf(meter, this.#options.clock())?.ignoresFrame(frame));
  }

  find(peer: LinkPeer): SessionServer | undefined {
    if (this.#members !== undefined) return this.#findMember(this.#members, peer);
    for (const meter of this.#meters) {
      if (!isCalled(meter, peer)) continue;
      const serverSap = this.#serverSap(meter, peer);
      if (serverSap !== undefined) return { meter, serverSap };
    }
    return undefined;
  }

  /** One of several meters: by its wPort with the wrapper, by its physical address in HDLC. */
  #findMember(members: ReadonlyMap<number, VirtualMeter>, peer: LinkPeer): SessionServer | undefined {
    if (this.#transport.framing === 'hdlc') {
      const meter = members.get(peer.physical ?? Number.NaN);
      const serverSap = meter === undefined ? undefined : this.#serverSap(meter, peer);
      return meter === undefined || serverSap === undefined ? undefined : { meter, serverSap };
    }
    const meter = members.get(peer.server);
    // What the template calls its logical device is called by the meter's number here.
    const association = meter?.model.associations.find(({ clientSap }) => clientSap === peer.client);
    return meter === undefined || association === undefined ? undefined : { meter, serverSap: association.serverSap };
  }

  /** The logical device of the model an address means: the SAP itself, or the address the transport gives to it. */
  #serverSap(meter: VirtualMeter, peer: LinkPeer): number | undefined {
    const own = this.#transport.framing === 'hdlc' ? meter.model.hdlc.serverUpper : this.#transport.serverWPort;
    const found = meter.model.associations.filter(({ clientSap }) => clientSap === peer.client);
    const direct = found.find(({ serverSap }) => serverSap === peer.server);
    return (direct ?? (peer.server === own ? found[0] : undefined))?.serverSap;
  }

  /** The link behind the IEC 62056-21 opening, where the transport begins with one. */
  #opened(hdlc: HdlcServerLink): ServerLink {
    const { modeE } = this.#transport;
    const [meter] = this.#meters;
    if (modeE === undefined || meter === undefined) return hdlc;
    const identification = identificationOf(meter, this.#transport);
    return new ModeEServerLink({ hdlc, identification, address: modeE.address ?? meter.serial });
  }

  #behindGateway(link: ServerLink): ServerLink {
    const { gateway } = this.#transport;
    if (gateway === undefined) return link;
    return new GatewayServerLink({ link, networkId: gateway.networkId, address: fromHex(gateway.address) });
  }

  #wrapperLink(datagrams: boolean): WrapperServerLink {
    return new WrapperServerLink({ accepts: (peer) => this.find(peer) !== undefined, datagrams });
  }

  #hdlcLink(): HdlcServerLink {
    const model = this.#meters[0]?.model;
    const hdlc = model?.hdlc;
    const answerBytes = model === undefined ? undefined : answerAddressBytes(model);
    return new HdlcServerLink({
      // Clients nobody knows get no answer, like stations that are not on the line.
      accepts: (peer) => (this.find(peer) === undefined ? 'ignore' : 'accept'),
      ...(hdlc === undefined
        ? {}
        : {
            parameters: {
              maxInfoTx: hdlc.maxInfoTransmit,
              maxInfoRx: hdlc.maxInfoReceive,
              windowTx: hdlc.windowTransmit,
              windowRx: hdlc.windowReceive,
            },
            inactivityTimeout: hdlc.inactivityTimeoutMs,
            ...(hdlc.addressRule === undefined
              ? {}
              : { addressing: { bytes: hdlc.addressBytes, rule: hdlc.addressRule } }),
          }),
      ...(answerBytes === undefined ? {} : { answerBytes }),
    });
  }
}

/** Width of the address in answers where a quirk makes it another than the one called (Q16). */
function answerAddressBytes(model: MeterModel): 2 | 4 | undefined {
  const [action] = model.quirks.flatMap(({ actions }) =>
    actions.filter(({ action: name }) => name === 'answer_address'),
  );
  const [bytes] = action?.args ?? [];
  if (bytes?.k !== 'number') return undefined;
  return bytes.value === 2 || bytes.value === 4 ? bytes.value : undefined;
}

/** Whether a frame's physical address is the meter's; addresses of one octet and wrapper messages have none. */
function isCalled(meter: VirtualMeter, peer: LinkPeer): boolean {
  if (peer.physical === undefined || ALL_STATIONS.has(peer.physical)) return true;
  return peer.physical === physicalAddress(meter);
}
