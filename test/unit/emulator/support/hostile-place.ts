import assert from 'node:assert/strict';
import { connect, type Socket } from 'node:net';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { Emulator } from '../../../../engine/emulator/emulator.ts';
import { parseListen } from '../../../../engine/emulator/listen.ts';
import { ListenerTable } from '../../../../engine/emulator/listener-table.ts';
import { openableTransports, placeMeters } from '../../../../engine/emulator/placement.ts';
import { secretResolver } from '../../../../engine/emulator/secrets.ts';
import { SimulatedClock } from '../../../../engine/emulator/simulated-clock.ts';
import { createMeter } from '../../../../engine/meter/meter.ts';
import { compileText } from '../../../../engine/template/index.ts';
import { AARQ, GET_LDN, WrapperClient } from './wrapper-client.ts';

/** What all attacks together may leave on the heap, octets: code, caches and statistics, but no connections. */
export const MAX_HEAP_GROWTH = 48 * 1024 * 1024;
/** Silence after which the impatient transports close a connection, milliseconds. */
export const IDLE_TIMEOUT = 600;
/** Connections one transport takes at once. */
export const FEW_SESSIONS = 5;
/** How long meters have to give back what connections held, milliseconds. */
const PATIENCE = 10_000;

export const KEYS = { guek: '000102030405060708090a0b0c0d0e0f', gak: 'd0d1d2d3d4d5d6d7d8d9dadbdcdddedf' } as const;
export const PASSWORD = '12345678';

const TEMPLATE = `meter victim {
  identity { vendor: "Test"   flag: "MTX"   model: "V1"   firmware: "1"   serial: "{n:08}"   logical_device_name: "MTX{serial}"   system_title: "4D4D4D00000000{n:02}"   referencing: LN }
  transport lan tcp { framing: wrapper   port: 4059 }
  transport impatient tcp { framing: wrapper   port: 4061   idle_timeout: ${IDLE_TIMEOUT}ms }
  transport few tcp { framing: wrapper   port: 4062   sessions: ${FEW_SESSIONS} }
  transport datagrams udp { framing: wrapper   port: 4059 }
  transport line tcp { framing: hdlc   port: 4060 }
  hdlc { address_bytes: 1   server_upper: 1 }
  security guard suite 0 { global_unicast_key: secret("k/guek")   authentication_key: secret("k/gak")   policy: authenticated-request, encrypted-request }
  association public { client: 16   authentication: none   conformance: get, set, general-block-transfer, block-transfer-with-get-or-read, block-transfer-with-set-or-write   max_pdu: 2048 }
  association reader { client: 2   authentication: lls, password secret("k/password")   conformance: get   lock: 3 failures, 15min }
  association auditor { client: 3   authentication: lls, password secret("k/password")   conformance: get   lock: 3 failures, 15min }
  association hashed { client: 4   authentication: hls-md5, secret secret("k/password")   context: LN, no-ciphering   conformance: get, action   lock: 2 failures, 1h }
  association management { client: 1   authentication: hls-gmac   context: LN, ciphering   security: guard   conformance: get, set, action }
  rights all { public: get, set   reader: get   auditor: get   hashed: get   management: get, set, action }
  object ldn 0-0:42.0.0.255 data { rights: all   value: octet-string = identity.logical_device_name }
  object note 0-0:96.13.0.255 data { rights: all   value: octet-string = "${'A long text. '.repeat(150)}" }
  object counter 0-0:43.1.0.255 data { rights: all   value: double-long-unsigned = invocation_counter(guard) }
  object current_association 0-0:40.0.0.255 association-ln { rights: all }
}
`;

/** Two meters of one process: one is attacked, the other one has to go on. */
export interface HostilePlace {
  readonly emulator: Emulator;
  /** Address of the meter under attack. */
  readonly victim: string;
  readonly bystander: string;
  /** Of the meter under attack, or of the other one. */
  port(transport: string, host?: string): number;
}

export async function openPlace(): Promise<HostilePlace> {
  const { model, findings } = compileText(TEMPLATE);
  const errors = findings.filter(({ severity }) => severity === 'error').map(({ message }) => message);
  assert.deepEqual(errors, []);
  assert.ok(model !== undefined);
  const [type] = model.meters;
  assert.ok(type !== undefined);
  const secrets = secretResolver({
    values: { 'k/password': `text:${PASSWORD}`, 'k/guek': `hex:${KEYS.guek}`, 'k/gak': `hex:${KEYS.gak}` },
  });
  const time = new SimulatedClock();
  time.change({ frozen: true });
  const hosts = ['127.0.83.1', '127.0.83.2'] as const;
  // Ports of the system's choice: several runs may go on at a time.
  const placements = hosts.flatMap((host, index) => {
    const meter = createMeter(type, { number: index + 1, startedAt: time.now(), secrets });
    return openableTransports(meter).flatMap(({ name }) => placeMeters([meter], parseListen(`${host}:0`), [name]));
  });
  const emulator = await Emulator.start({ name: 'hostile', placements, time, listeners: new ListenerTable() });
  const endpoints = emulator.endpoints();
  const [victim, bystander] = hosts;
  return {
    emulator,
    victim,
    bystander,
    port: (transport, host = victim) =>
      endpoints.find((endpoint) => endpoint.transport === transport && endpoint.host === host)?.port ?? 0,
  };
}

/** Runs an attack while the other meter is asked again and again; says how often it answered. */
export async function whileOthersAreServed(place: HostilePlace, attack: () => Promise<void>): Promise<number> {
  const client = await WrapperClient.open(place.bystander, place.port('lan', place.bystander));
  let going = true;
  const attacked = attack().finally(() => {
    going = false;
  });
  // Awaited below; until then its failure is nobody's.
  attacked.catch(() => undefined);
  let answers = 0;
  try {
    assert.ok((await client.ask(AARQ))?.startsWith('61'), 'the other meter takes no association');
    do {
      assert.ok((await client.ask(GET_LDN))?.startsWith('c401c100'), 'the other meter does not answer');
      answers += 1;
      await new Promise((resolve) => setImmediate(resolve));
    } while (going);
  } finally {
    client.close();
    await attacked;
  }
  return answers;
}

/** All connections are gone; octets and associations of theirs went with them. */
export async function sessionsGivenBack({ emulator }: HostilePlace): Promise<void> {
  const open = (): number =>
    emulator.meters
      .flatMap(({ serial }) => emulator.details(serial)?.clients ?? [])
      .filter(({ transport }) => transport !== 'datagrams').length;
  for (const end = performance.now() + PATIENCE; open() > 0 && performance.now() < end; ) await pause(10);
  assert.equal(open(), 0, 'connections are still open');
}

/** As `open`, with answers as APDUs. */
export async function openClient(host: string, port: number): Promise<WrapperClient> {
  const client = await WrapperClient.open(host, port);
  opened.add(client.socket);
  client.socket.once('close', () => opened.delete(client.socket));
  return client;
}

/** Octets on the heap after a full collection. */
export function heapUsed(): number {
  setFlagsFromString('--expose-gc');
  const collect: unknown = runInNewContext('gc');
  if (typeof collect === 'function') collect();
  return process.memoryUsage().heapUsed + process.memoryUsage().external;
}

/**
 * How much the heap has grown since `before`, as soon as that is below a bound, or after a while. Buffers are given back
 * by a thread of their own some time after the collection.
 */
export async function heapGrowth(before: number, bound: number): Promise<number> {
  const until = performance.now() + PATIENCE;
  let grown = heapUsed() - before;
  while (grown >= bound && performance.now() < until) {
    await pause(50);
    grown = heapUsed() - before;
  }
  return grown;
}

/** A bare connection; errors end it, since attacks meet resets. */
const opened = new Set<Socket>();

/** Ends what a failed attack left open. */
export function closeAll(): void {
  for (const socket of opened) socket.destroy();
  opened.clear();
}

export function open(host: string, port: number): Promise<Socket> {
  const socket = connect({ host, port, noDelay: true });
  opened.add(socket);
  socket.once('close', () => opened.delete(socket));
  return new Promise((resolve, reject) => {
    socket.once('error', reject);
    socket.once('connect', () => {
      socket.off('error', reject);
      socket.on('error', () => socket.destroy());
      resolve(socket);
    });
  });
}

/** Resolves when the other side has ended the connection; false if it has not in time. What comes is thrown away. */
export async function ended(socket: Socket, timeoutMs = PATIENCE): Promise<boolean> {
  socket.resume();
  for (const end = performance.now() + timeoutMs; !socket.closed && performance.now() < end; ) await pause(5);
  return socket.closed;
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
