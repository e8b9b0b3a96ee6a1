import type { Mechanism } from '../../../engine/codec/acse/types.ts';
import { toHex } from '../../../engine/codec/hex.ts';
import { HdlcServerLink } from '../../../engine/link/hdlc-server-link.ts';
import { WrapperServerLink } from '../../../engine/link/wrapper-server-link.ts';
import { createMeter, type VirtualMeter } from '../../../engine/meter/meter.ts';
import { MeterSession, type SessionOutput } from '../../../engine/meter/session.ts';
import { associate } from '../../../engine/session/associate.ts';
import { Association } from '../../../engine/session/association.ts';
import { Channel } from '../../../engine/session/channel.ts';
import { ClientSession } from '../../../engine/session/client-session.ts';
import { linkFor } from '../../../engine/session/links.ts';
import type { Notification } from '../../../engine/session/notification.ts';
import { type ClientParams, LN_CONFORMANCE, SN_CONFORMANCE } from '../../../engine/session/params.ts';
import type { TraceEntry } from '../../../engine/session/trace.ts';
import { Tracer } from '../../../engine/session/tracer.ts';
import type { MeterModel } from '../../../engine/template/model.ts';
import { NOW } from '../meter/support/test-client.ts';

export const KEYS = {
  guek: Uint8Array.from({ length: 16 }, (_, i) => i),
  gak: Uint8Array.from({ length: 16 }, (_, i) => 0xd0 + i),
};
export const KEY_TEXTS = { guek: toHex(KEYS.guek), gak: toHex(KEYS.gak) };
const CLIENT_TITLE = Uint8Array.from(Buffer.from('4d4d4d0000bc614e', 'hex'));

export interface LoopOptions {
  readonly framing?: 'wrapper' | 'hdlc';
  readonly client?: number;
  readonly params?: Partial<ClientParams>;
  readonly mechanism?: Mechanism;
  /** Octets of the meter may be changed, dropped (`[]`) or multiplied on their way, one link unit at a time. */
  readonly onWay?: (octets: Uint8Array) => readonly Uint8Array[];
  readonly timeoutMs?: number;
  /** Answers in place of a meter made from the model. */
  readonly served?: { readonly meter: VirtualMeter; readonly session: MeterSession };
  /** Lower HDLC address called, in an address of two octets. Default none, in one octet. */
  readonly lower?: number;
}

export interface Loop {
  readonly association: Association;
  readonly session: ClientSession;
  readonly meter: VirtualMeter;
  readonly trace: TraceEntry[];
  readonly notifications: Notification[];
  /** Summaries of the APDUs in the order they went. */
  apdus(): string[];
  /** Octets as if the meter had sent them on its own. */
  inject(octets: Uint8Array): void;
}

/** Our client and our meter with their real links in between, in memory. */
export async function loop(model: MeterModel, options: LoopOptions = {}): Promise<Loop> {
  const framing = options.framing ?? 'wrapper';
  const client = options.client ?? 1;
  const meter = options.served?.meter ?? createMeter(model, { startedAt: NOW });
  const accepts = (): 'accept' => 'accept';
  const server =
    options.served?.session ??
    new MeterSession({
      link:
        framing === 'wrapper'
          ? new WrapperServerLink({ accepts: () => true })
          : new HdlcServerLink({ accepts, parameters: { maxInfoTx: 128, maxInfoRx: 128 } }),
      device: { find: (peer) => (peer.client === client ? { meter, serverSap: peer.server } : undefined) },
      random: (length) => Uint8Array.from({ length }, (_, i) => 0x40 + i),
      figures: { requests: 0, errors: 0 },
      clock: () => NOW,
    });
  const trace: TraceEntry[] = [];
  const notifications: Notification[] = [];
  const tracer = new Tracer(
    (entry) => trace.push(entry),
    () => 0,
  );
  const { params = {} } = options;
  const referencing = params.referencing ?? 'LN';
  const session = new ClientSession(
    {
      referencing,
      mechanism: 'lowest',
      protection: 'none',
      suite: 0,
      secrets: { ...KEYS, systemTitle: CLIENT_TITLE },
      conformance: referencing === 'LN' ? LN_CONFORMANCE : SN_CONFORMANCE,
      maxPdu: 1024,
      invocationCounter: 1,
      ...params,
    },
    {
      random: (length) => Uint8Array.from({ length }, (_, i) => 7 * i + 1),
      now: () => NOW,
      onApdu: (event) => tracer.apdu(event),
      onNotification: (notification) => notifications.push(notification),
      client,
      server: 1,
    },
  );
  let deliver: (octets: Uint8Array) => void = () => undefined;
  const forward = (outputs: readonly SessionOutput[]): void => {
    for (const output of outputs) {
      if (output.type !== 'send') continue;
      for (const part of options.onWay?.(output.octets) ?? [output.octets]) setImmediate(() => deliver(part));
    }
  };
  const channel = new Channel({
    link: linkFor(
      {
        framing,
        client,
        server: 1,
        ...(options.lower === undefined ? {} : { hdlc: { addressBytes: 2, lower: options.lower } }),
      },
      options.timeoutMs ?? 500,
    ),
    framing,
    timeoutMs: options.timeoutMs ?? 500,
    tracer,
    onUnsolicited: (apdu) => session.hear(apdu),
    monotonic: () => performance.now(),
    connect: async (events) => {
      deliver = events.data;
      return {
        kind: 'tcp',
        write: (octets) => {
          forward(server.receive(octets, performance.now()));
          const at = server.nextDeadline();
          if (at !== undefined)
            setTimeout(() => forward(server.tick(performance.now())), at - performance.now() + 1).unref();
        },
        close: () => undefined,
      };
    },
  });
  await channel.open();
  await channel.run(associate(session));
  return {
    association: new Association(channel, session),
    session,
    meter,
    trace,
    notifications,
    apdus: () => trace.filter((entry) => entry.layer === 'apdu').map((entry) => `${entry.direction} ${entry.summary}`),
    inject: (octets) => deliver(octets),
  };
}
