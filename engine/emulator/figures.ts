import type { EmulatorFigures } from './types.ts';

/** Figures while they are being counted. */
export type LiveFigures = { -readonly [Name in keyof EmulatorFigures]: EmulatorFigures[Name] };

export function noFigures(): LiveFigures {
  return { sessions: 0, requests: 0, octetsIn: 0, octetsOut: 0, errors: 0, refused: 0 };
}

/** Adds what was counted elsewhere. */
export function addFigures(sum: LiveFigures, part: EmulatorFigures): LiveFigures {
  sum.sessions += part.sessions;
  sum.requests += part.requests;
  sum.octetsIn += part.octetsIn;
  sum.octetsOut += part.octetsOut;
  sum.errors += part.errors;
  sum.refused += part.refused;
  return sum;
}
