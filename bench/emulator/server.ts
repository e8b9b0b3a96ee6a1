import { monitorEventLoopDelay } from 'node:perf_hooks';
import { startEmulator } from '../../engine/emulator/start.ts';
import type { ServerMessage, ServerSetup } from './messages.ts';
import { benchSecrets, benchTemplates } from './template.ts';

/** The emulator in a process of its own, so that its time and memory are its own. */

const LOOP_RESOLUTION_MS = 5;
const setup: ServerSetup = JSON.parse(process.argv[2] ?? '{}');
const { meters, objects, frozenAt } = setup;

function tell(message: ServerMessage): void {
  process.send?.(message);
}

const rssBefore = process.memoryUsage.rss();
const compiling = performance.now();
const templates = benchTemplates(objects, meters);
const starting = performance.now();
const emulator = await startEmulator({
  templates,
  fleets: 'all',
  secrets: benchSecrets,
  ...(frozenAt === undefined ? {} : { clock: () => frozenAt }),
});
tell({ type: 'ready', startMs: performance.now() - starting, compileMs: starting - compiling, rssBefore });

const delay = monitorEventLoopDelay({ resolution: LOOP_RESOLUTION_MS });
delay.enable();
const late = (nanoseconds: number): number => Math.max(0, nanoseconds / 1e6 - LOOP_RESOLUTION_MS);

process.on('message', () => {
  const { user, system } = process.cpuUsage();
  tell({
    type: 'sample',
    cpuMicros: user + system,
    rss: process.memoryUsage.rss(),
    delayP99: late(delay.percentile(99)),
    delayMax: late(delay.max),
    figures: { ...emulator.figures },
  });
  delay.reset();
});
process.on('disconnect', () => process.exit(0));
