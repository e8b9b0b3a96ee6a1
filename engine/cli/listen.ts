import { apduToJson } from '../codec/apdu-json.ts';
import { dataToJson } from '../codec/axdr/data-json.ts';
import { decodeDateTime } from '../codec/axdr/date-time.ts';
import { formatDateTime } from '../codec/axdr/date-time-text.ts';
import { fromHex, toHex } from '../codec/hex.ts';
import { describeCodecError } from '../codec/result.ts';
import type { KeyRing } from '../codec/security/types.ts';
import { describeSystemTitle } from '../cosem/system-title.ts';
import { DEFAULT_FORMAT, DEFAULT_SPEED, MAX_SPEED, parseFormat } from '../serial/settings.ts';
import { asSessionError } from '../session/errors.ts';
import type { NotificationApdu } from '../session/notification.ts';
import { type Push, PushListener, type PushTrouble } from '../session/push-listener.ts';
import type { PushOrigin, PushSource } from '../session/push-sources.ts';
import { pushValues } from '../session/push-values.ts';
import { type CliIo, type ExitCode, exitCodes } from './io.ts';
import { keyRingsOfFile } from './key-rings.ts';
import { integer } from './option-values.ts';
import { printable } from './table.ts';

/** Options of `dlms listen` as the command line gives them. */
export interface ListenOptions {
  /** `serial:PATH`, or `HOST:PORT` of a serial server to connect to; without it meters come here. */
  readonly source?: string;
  readonly host?: string;
  readonly port?: string;
  readonly udp?: boolean;
  readonly baud?: string;
  readonly line?: string;
  readonly keys?: string;
  /** End after so many pushes. */
  readonly count?: number;
  readonly jsonl?: boolean;
}

const DLMS_PORT = 4059;
const SERIAL = 'serial:';

/**
 * `dlms listen`: prints what meters send without being asked, until Ctrl-C. Exit code 0 ended as asked, 1 the source is
 * gone or cannot be had, 2 usage.
 */
export async function listen(options: ListenOptions, io: CliIo): Promise<ExitCode> {
  let source: PushSource;
  let keys: readonly KeyRing[];
  try {
    source = sourceOf(options);
    keys = options.keys === undefined ? [] : await keyRingsOfFile(options.keys);
  } catch (error) {
    io.err(`dlms listen: ${error instanceof Error ? error.message : String(error)}\n`);
    return exitCodes.usage;
  }
  try {
    const onTrouble = (trouble: PushTrouble): void => io.err(troubleLine(trouble));
    const listener = await PushListener.open({ source, keys, signal: io.signal, onTrouble });
    io.err(`READY: listening on ${describeSource(source, listener.port)}. Ctrl-C ends.\n`);
    let left = options.count ?? Number.POSITIVE_INFINITY;
    for await (const push of listener) {
      io.out(options.jsonl === true ? `${JSON.stringify(pushJson(push))}\n` : pushText(push));
      left -= 1;
      if (left <= 0) break;
    }
    if (listener.lost > 0)
      io.err(`dlms listen: ${listener.lost} pushes were dropped, they came faster than they were printed\n`);
    return exitCodes.ok;
  } catch (error) {
    const failure = asSessionError(error);
    if (failure === undefined) throw error;
    io.err(`dlms listen: ${printable(failure.message)} [${failure.code}]\n`);
    return exitCodes.failed;
  }
}

/** Throws Error with what to do. */
export function sourceOf({ source, host, port, udp, baud, line }: ListenOptions): PushSource {
  const serial = source?.startsWith(SERIAL) === true;
  if (!serial && (baud !== undefined || line !== undefined))
    throw new Error(
      '--baud and --line belong to a serial port: dlms listen serial:/dev/ttyUSB0 --baud 2400 --line 8E1',
    );
  if (source === undefined) {
    const listensOn = port === undefined ? DLMS_PORT : integer('port', port, 0, 65_535);
    return { kind: udp === true ? 'udp' : 'tcp', host: host ?? '127.0.0.1', port: listensOn };
  }
  if (host !== undefined || port !== undefined || udp === true)
    throw new Error(`--host, --port and --udp are for listening; '${source}' names where to get the pushes from`);
  if (serial) {
    const path = source.slice(SERIAL.length);
    const format = line === undefined ? DEFAULT_FORMAT : parseFormat(line);
    if (path === '') throw new Error(`'${source}' names no port: expected serial:/dev/ttyUSB0 or serial:COM3`);
    if (format === undefined)
      throw new Error(`--line ${line}: expected data bits, parity and stop bits, e.g. 8N1 or 8E1`);
    const speed = baud === undefined ? DEFAULT_SPEED : integer('baud', baud, 300, MAX_SPEED);
    return { kind: 'serial', path, settings: { speed, ...format } };
  }
  const match = /^(?:\[([^\]]+)\]|([^:]+)):(\d{1,5})$/.exec(source);
  const server = match?.[1] ?? match?.[2];
  if (server === undefined) throw new Error(`'${source}' is not serial:PATH or HOST:PORT of a serial server`);
  return { kind: 'connect', host: server, port: integer('port', match?.[3] ?? '', 1, 65_535) };
}

function describeSource(source: PushSource, port: number | undefined): string {
  if (source.kind === 'serial') return `${SERIAL}${source.path}`;
  const where = address(source.host, port ?? source.port);
  return source.kind === 'connect' ? `the serial server ${where}` : `${source.kind} ${where}`;
}

function address(host: string, port: number): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function describeOrigin({ host, port }: PushOrigin): string {
  return port === undefined ? `${SERIAL}${host}` : address(host, port);
}

function troubleLine({ from, time, error }: PushTrouble): string {
  return `${new Date(time).toISOString()} ${describeOrigin(from)}: ${printable(error.message)} [${error.code}]\n`;
}

/** One line about the push, and one for each value. */
function pushText(push: Push): string {
  const { apdu, error, deviations, octets } = push;
  const lines = [[new Date(push.time).toISOString(), describeOrigin(push.from), route(push), about(push)].join('  ')];
  if (apdu !== undefined) {
    for (const { position, obis, name, text } of pushValues(apdu)) {
      lines.push(`  ${[`${position}`.padStart(3), (obis ?? '').padEnd(16), name, '=', text].join(' ')}`);
    }
  }
  if (error !== undefined) lines.push(`  ${describeCodecError(error)}`, `  ${toHex(octets)}`);
  if (deviations.length > 0) lines.push(`  deviations: ${deviations.join(', ')}`);
  return `${lines.map(printable).join('\n')}\n`;
}

function route({ framing, peer, gateway }: Push): string {
  const saps = peer === undefined ? '' : ` ${peer.server} -> ${peer.client}`;
  const behind = gateway === undefined ? '' : ` behind gateway ${gateway.networkId}/${gateway.address}`;
  return `${framing}${saps}${behind}`;
}

function about({ apdu, protection }: Push): string {
  const when = apdu === undefined ? undefined : meterTime(apdu);
  const title = protection?.systemTitle;
  return [
    apdu?.kind ?? 'not readable',
    ...(when === undefined ? [] : [when]),
    ...(title === undefined ? [] : [`from ${describeSystemTitle(fromHex(title))}`]),
    ...(protection === undefined ? [] : [protection.verified ? 'verified' : 'not verified']),
  ].join(', ');
}

/** The time a meter put into its push; undefined where there is none. */
function meterTime(apdu: NotificationApdu): string | undefined {
  if (apdu.kind === 'information-report') return apdu.time ?? undefined;
  const octets = apdu.kind === 'data-notification' ? apdu.dateTime : apdu.time;
  const decoded = octets === null || octets.length === 0 ? undefined : decodeDateTime(octets);
  return decoded === undefined ? undefined : formatDateTime(decoded);
}

function pushJson(push: Push) {
  const { time, from, framing, peer, gateway, octets, plain, protection, apdu, error, deviations } = push;
  const when = apdu === undefined ? undefined : meterTime(apdu);
  return {
    time: new Date(time).toISOString(),
    from,
    framing,
    ...(peer === undefined ? {} : { peer }),
    ...(gateway === undefined ? {} : { gateway }),
    ok: apdu !== undefined,
    kind: apdu?.kind ?? 'error',
    ...(when === undefined ? {} : { meterTime: when }),
    ...(protection === undefined ? {} : { protection }),
    ...(apdu === undefined
      ? {}
      : {
          values: pushValues(apdu).map(({ data, ...value }) => ({ ...value, data: dataToJson(data) })),
          apdu: apduToJson(apdu),
        }),
    hex: toHex(octets),
    ...(plain === undefined ? {} : { plain: toHex(plain) }),
    deviations,
    ...(error === undefined ? {} : { error }),
  };
}
