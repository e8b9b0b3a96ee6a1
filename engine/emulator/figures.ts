import type { EmulatorFigures } from './types.ts';

/** The figures of a running emulator while they are being counted. */
export type LiveFigures = { -readonly [Name in keyof EmulatorFigures]: EmulatorFigures[Name] };

export function noFigures(): LiveFigures {
  return { sessions: 0, requests: 0, octetsIn: 0, octetsOut: 0, errors: 0 };
}
