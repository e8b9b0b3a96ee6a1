import type { HdlcFrame } from '../codec/hdlc/frame.ts';
import { fromHex } from '../codec/hex.ts';
import { GatewayServerLink } from '../link/gateway-server-link.ts';
import { HdlcServerLink } from '../link/hdlc-server-link.ts';
import type { AddressWidthPolicy } from '../link/hdlc-stations.ts';
import { ModeEServerLink } from '../link/mode-e-server-link.ts';
import type { LinkPeer, ServerLink } from '../link/types.ts';
import { WrapperServerLink } from '../link/wrapper-server-link.ts';
import type { TransportModel } from '../template/model.ts';
import type { RequestBehaviour } from './behaviours/request-behaviour.ts';
import { identificationOf } from './identification-message.ts';
import type { AssignedSap, VirtualMeter } from './meter.ts';
import { physicalAddress } from './physical-address.ts';
import type { Habits } from './quirks/quirk.ts';
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
  /** Meters whose association has outlived its connection. */
  #kept: Set<VirtualMeter> | undefined;
  /** Connections at the moment, and when the last one ended, in simulated time. */
  #sessions = 0;
  #lastEnd = Number.NEGATIVE_INFINITY;
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
    this.#sessions += 1;
    return new MeterSession({
      link,
      device: this,
      ...this.#options,
      datagrams,
      latencyMs: this.#meters[0]?.latencyMs ?? 0,
    });
  }

  ended(kept: readonly VirtualMeter[]): void {
    this.#sessions -= 1;
    this.#lastEnd = this.#options.clock();
    if (kept.length > 0) this.#kept = new Set([...(this.#kept ?? []), ...kept]);
  }

  isKept(meter: VirtualMeter): boolean {
    return this.#kept?.has(meter) ?? false;
  }

  letGo(meter: VirtualMeter): void {
    this.#kept?.delete(meter);
  }

  /** Quirks and faults of the line: those of the meter that was there first. */
  line(): RequestBehaviour | undefined {
    const [meter] = this.#meters;
    return meter?.behaviours === undefined ? undefined : behaviourOf(meter, this.#options.clock());
  }

  /** Whether a fault keeps the device from taking connections at the moment. */
  refusesConnections(): boolean {
    const hold = this.line()?.habits.holdsConnectionMs;
    if (hold !== undefined && (this.#sessions > 0 || this.#options.clock() - this.#lastEnd < hold)) return true;
    return this.#meters.some((meter) => {
      if (meter.behaviours?.mayDo('refuse') !== true) return false;
      return behaviourOf(meter, this.#options.clock())?.refusesConnections === true;
    });
  }

  /** Whether the meter a frame calls hears it. */
  #hears({ kind }: HdlcFrame, peer: LinkPeer): boolean {
    if (kind !== 'SNRM' && kind !== 'DISC') return true;
    if (this.#meters.length === 1 && this.#meters[0]?.behaviours === undefined) return true;
    const meter = this.find(peer)?.meter;
    if (meter === undefined) return true;
    if (kind === 'DISC') this.letGo(meter);
    return behaviourOf(meter, this.#options.clock())?.ignoresFrame(kind === 'SNRM' ? 'snrm' : 'disc') !== true;
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
    const [first] = this.#meters;
    const hdlc = first?.model.hdlc;
    const line = (): RequestBehaviour | undefined => this.line();
    const addressing: AddressWidthPolicy =
      hdlc?.addressRule === undefined ? {} : { bytes: hdlc.addressBytes, rule: hdlc.addressRule };
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
            pushInfo: hdlc.maxInfoTransmit,
          }),
      hears: (frame, peer) => this.#hears(frame, peer),
      // Asked for each frame, since quirks are switched while a line is open.
      get addressing() {
        const habits = line()?.habits;
        return habits === undefined ? addressing : addressingOf(habits, addressing);
      },
      get lower() {
        return first && physicalAddress(first);
      },
      get answerBytes() {
        return line()?.answerBytes;
      },
      get emptySnrm() {
        return line()?.habits.refusesEmptySnrm === true ? 'refuse' : undefined;
      },
    });
  }
}

/** Which server addresses a meter with quirks hears. */
function addressingOf({ serverBytes, answersAllStation }: Habits, usual: AddressWidthPolicy): AddressWidthPolicy {
  return {
    ...usual,
    ...(serverBytes === undefined ? {} : { bytes: serverBytes, rule: 'exact' }),
    ...(answersAllStation === undefined ? {} : { allStationIsOrdinary: true }),
  };
}

/** Whether a frame's physical address is the meter's; addresses of one octet and wrapper messages have none. */
function isCalled(meter: VirtualMeter, peer: LinkPeer): boolean {
  if (peer.physical === undefined || ALL_STATIONS.has(peer.physical)) return true;
  return peer.physical === physicalAddress(meter);
}
