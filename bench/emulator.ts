import { type ChildProcess, fork } from 'node:child_process';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build } from 'esbuild';
import type {
  LoadOrder,
  LoadResult,
  ServerMessage,
  ServerReady,
  ServerSample,
  ServerSetup,
} from './emulator/messages.ts';

/**
 * `npm run bench:emulator -- [--meters 10000] [--objects 300] [--requests 200000] [--checked 1000000] [--soak MINUTES]`:
 * one process of meters, one of clients, on loopback. CPU times are those of the process with the meters.
 */

const { values } = parseArgs({
  options: {
    meters: { type: 'string', default: '10000' },
    objects: { type: 'string', default: '300' },
    requests: { type: 'string', default: '200000' },
    checked: { type: 'string', default: '1000000' },
    soak: { type: 'string', default: '0' },
  },
});
const meters = Number(values.meters);
const objects = Number(values.objects);
const requests = Number(values.requests);
const checkedRequests = Number(values.checked);
const soakMinutes = Number(values.soak);
const FROZEN_AT = Date.UTC(2026, 0, 15, 10, 0, 0);
const FOLDER = join(import.meta.dirname, 'emulator');
const MIB = 1024 * 1024;
const SERVER = join(import.meta.dirname, '..', 'dist', 'bench', 'emulator-server.mjs');

interface Measured {
  readonly result: LoadResult;
  readonly cpuMicros: number;
  readonly sample: ServerSample;
}

interface Row {
  readonly what: string;
  readonly found: string;
  readonly asked: string;
  readonly reached: boolean | undefined;
}

const rows: Row[] = [];

function row(what: string, found: string, asked = '', reached?: boolean): void {
  rows.push({ what, found, asked, reached });
  const verdict = reached === undefined ? '' : reached ? '  reached' : '  NOT REACHED';
  console.log(`${what.padEnd(58)} ${found.padStart(24)}  ${asked}${verdict}`);
}

/** The next message of a kind from a process; rejects when it ends. */
function next<Message extends { readonly type: string }>(child: ChildProcess, type: Message['type']): Promise<Message> {
  return new Promise((resolve, reject) => {
    const ended = (code: number | null): void => reject(new Error(`a process of the bench ended with ${code}`));
    const hear = (message: Message): void => {
      if (message.type !== type) return;
      child.off('message', hear);
      child.off('exit', ended);
      resolve(message);
    };
    child.on('message', hear);
    child.once('exit', ended);
  });
}

class Bench {
  readonly #server: ChildProcess;
  readonly #load: ChildProcess;
  readonly #setup: ServerSetup;
  readonly ready: Promise<ServerReady>;

  constructor(setup: ServerSetup) {
    this.#setup = setup;
    this.#server = fork(SERVER, [JSON.stringify(setup)]);
    this.#load = fork(join(FOLDER, 'load.ts'));
    this.ready = next<Extract<ServerMessage, { type: 'ready' }>>(this.#server, 'ready');
  }

  sample(): Promise<ServerSample> {
    const answer = next<Extract<ServerMessage, { type: 'sample' }>>(this.#server, 'sample');
    this.#server.send({ type: 'sample' });
    return answer;
  }

  /** Carries out an order, and what it cost the meters. */
  async run(order: Pick<LoadOrder, 'phase' | 'count' | 'inFlight'>): Promise<Measured> {
    const result = next<{ type: 'result'; result: LoadResult }>(this.#load, 'result');
    let before = await this.sample();
    const { frozenAt } = this.#setup;
    this.#load.send({ ...order, meters, objects, ...(frozenAt === undefined ? {} : { frozenAt }) });
    if (order.phase === 'guarded') {
      await next(this.#load, 'opened');
      before = await this.sample();
      this.#load.send({ type: 'go' });
    }
    const { result: found } = await result;
    const sample = await this.sample();
    return { result: found, cpuMicros: sample.cpuMicros - before.cpuMicros, sample };
  }

  end(): void {
    this.#load.disconnect();
    this.#server.disconnect();
  }
}

function mib(octets: number): string {
  return `${(octets / MIB).toFixed(0)} MiB`;
}

/** Micros of CPU per item, and what the clients saw. */
function perItem(what: string, { result, cpuMicros, sample }: Measured, limit: number): void {
  const each = cpuMicros / Math.max(1, result.done);
  row(what, `${each.toFixed(1)} us CPU`, `<= ${limit} us`, each <= limit && isRight(result));
  row('  as the clients saw it', `${Math.round(result.done / result.seconds)}/s, p99 ${result.p99.toFixed(1)} ms`);
  row('  event loop late, p99', `${sample.delayP99.toFixed(1)} ms`, '<= 50 ms', sample.delayP99 <= 50);
  problems(result);
}

function isRight({ lost, wrong }: LoadResult): boolean {
  return lost === 0 && wrong === 0;
}

function problems({ lost, wrong, firstProblem }: LoadResult): void {
  if (lost + wrong > 0) row('  lost, wrong', `${lost}, ${wrong}`, '0, 0', false);
  if (firstProblem !== undefined) console.log(`  first: ${firstProblem.slice(0, 200)}`);
}

async function speed(): Promise<void> {
  const bench = new Bench({ meters, objects });
  const { startMs, compileMs, rssBefore } = await bench.ready;
  row(`compile the template of ${objects} objects`, `${compileMs.toFixed(0)} ms`);
  row(`start ${meters} meters`, `${startMs.toFixed(0)} ms`, '<= 2,000 ms', startMs <= 2000);
  const idle = await bench.sample();
  row('resident, before and after the start', `${mib(rssBefore)}, ${mib(idle.rss)}`);
  const opened = await bench.run({ phase: 'open', count: meters, inFlight: 128 });
  problems(opened.result);
  row(`open ${meters} associations`, `${Math.round(opened.result.done / opened.result.seconds)}/s`);
  const { rss } = opened.sample;
  row(`resident with ${opened.result.done} open associations`, mib(rss), '<= 250 MiB', rss <= 250 * MIB);
  perItem(
    'GET, 256 at a time, over all associations',
    await bench.run({ phase: 'get', count: requests, inFlight: 256 }),
    60,
  );
  perItem('GET, all meters at a time', await bench.run({ phase: 'get', count: requests, inFlight: meters }), 60);
  await bench.run({ phase: 'close', count: 0, inFlight: 0 });
  perItem('GET ciphered, 256 at a time', await bench.run({ phase: 'guarded', count: requests, inFlight: 256 }), 120);
  const cycles = await bench.run({ phase: 'cycles', count: Math.min(requests, 50_000), inFlight: 64 });
  const perCore = (cycles.result.done * 1e6) / cycles.cpuMicros;
  row('connect, AARQ, GET, RLRQ, close', `${Math.round(perCore)} per CPU-second`, '>= 5,000', perCore >= 5000);
  row('  event loop late, p99', `${cycles.sample.delayP99.toFixed(1)} ms`, '<= 50 ms', cycles.sample.delayP99 <= 50);
  problems(cycles.result);
  row('resident at the end', mib((await bench.sample()).rss));
  bench.end();
}

async function correctness(): Promise<void> {
  const bench = new Bench({ meters, objects, frozenAt: FROZEN_AT });
  await bench.ready;
  await bench.run({ phase: 'open', count: meters, inFlight: 128 });
  const { result } = await bench.run({ phase: 'checked', count: checkedRequests, inFlight: 256 });
  row(
    `${checkedRequests} answers compared with the model`,
    `${result.lost} lost, ${result.wrong} wrong`,
    '0, 0',
    isRight(result),
  );
  problems(result);
  bench.end();
}

/** Clients come, read and go for minutes: memory must not grow with them. */
async function soak(): Promise<void> {
  const bench = new Bench({ meters, objects });
  await bench.ready;
  await bench.run({ phase: 'open', count: meters, inFlight: 128 });
  const resident: number[] = [];
  const until = performance.now() + soakMinutes * 60_000;
  let done = 0;
  let bad = 0;
  while (performance.now() < until) {
    const gets = await bench.run({ phase: 'get', count: 200_000, inFlight: 256 });
    const cycles = await bench.run({ phase: 'cycles', count: 5000, inFlight: 64 });
    done += gets.result.done + cycles.result.done;
    bad += gets.result.lost + gets.result.wrong + cycles.result.lost + cycles.result.wrong;
    resident.push(cycles.sample.rss);
    console.log(
      `  ${Math.round((until - performance.now()) / 1000)} s left, ${done} requests and connections, ${mib(cycles.sample.rss)}`,
    );
  }
  const half = Math.floor(resident.length / 2);
  const most = (part: readonly number[]): number => Math.max(0, ...part);
  const [first, second] = [most(resident.slice(0, half)), most(resident.slice(half))];
  const flat = second <= first * 1.05;
  row(`${soakMinutes} minutes, ${done} requests and connections`, `${bad} lost or wrong`, '0', bad === 0);
  row('  most resident in the first and second half', `${mib(first)}, ${mib(second)}`, 'no growth', flat);
  bench.end();
}

/** The meters run as the product ships them, in one file: loading single TypeScript files would cost 35 MiB more. */
async function bundleServer(): Promise<void> {
  await build({
    entryPoints: [join(FOLDER, 'server.ts')],
    outfile: SERVER,
    bundle: true,
    platform: 'node',
    format: 'esm',
    packages: 'external',
    logLevel: 'error',
  });
}

await bundleServer();
await speed();
if (checkedRequests > 0) await correctness();
if (soakMinutes > 0) await soak();
if (rows.some(({ reached }) => reached === false)) process.exitCode = 1;
