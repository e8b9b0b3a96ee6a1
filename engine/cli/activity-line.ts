import type { EmulatorActivity } from '../emulator/types.ts';

/** What an emulator is doing, in a line. */
export function activityLine({
  figures,
  requestsPerSecond,
  octetsPerSecond,
  top,
  pushes,
  time,
}: EmulatorActivity): string {
  const { sessions, requests, errors, refused } = figures;
  const [busiest] = top;
  return [
    `sessions ${sessions}`,
    `requests ${requests} (${requestsPerSecond}/s)`,
    `octets ${octetsPerSecond}/s`,
    `errors ${errors}`,
    ...(refused === 0 ? [] : [`refused ${refused}`]),
    ...(pushes === undefined ? [] : [`pushes ${pushes.sent}`]),
    ...(pushes === undefined || pushes.failed === 0 ? [] : [`pushes failed ${pushes.failed}`]),
    ...(time.real ? [] : [timeText(time)]),
    ...(busiest === undefined ? [] : [`busiest ${busiest.serial} (${busiest.requestsPerSecond}/s)`]),
  ].join('  ');
}

/** Simulated time as a person reads it: `2026-01-01T00:00:00Z, 60 times as fast`. */
export function timeText({ now, speed, frozen, real }: EmulatorActivity['time']): string {
  const moment = `${new Date(now).toISOString().slice(0, 19)}Z`;
  if (real) return `${moment}, real`;
  if (frozen) return `${moment}, frozen`;
  return speed === 1 ? moment : `${moment}, speed ${speed}`;
}
