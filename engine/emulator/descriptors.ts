import { readFileSync } from 'node:fs';
import { EmulatorError } from './errors.ts';

/** Descriptors kept free for files, databases and connections of our own. */
const RESERVE = 64;

/** Sockets and files this process may have open at once (soft limit); undefined where the system does not tell. */
export function descriptorLimit(): number | undefined {
  try {
    const found = /^Max open files\s+(\d+|unlimited)/m.exec(readFileSync('/proc/self/limits', 'utf8'));
    return found === null || found[1] === 'unlimited' ? undefined : Number(found[1]);
  } catch {
    // Not Linux: the first socket that cannot be opened will say so.
    return undefined;
  }
}

/** Connections that can be open beside `listeners`; Infinity where there is no limit. */
export function connectionLimit(listeners: number, limit: number | undefined = descriptorLimit()): number {
  return limit === undefined ? Number.POSITIVE_INFINITY : Math.max(0, limit - RESERVE - listeners);
}

/** @throws EmulatorError `too-few-descriptors` if the listeners alone do not fit. */
export function checkDescriptors(listeners: number, limit: number | undefined = descriptorLimit()): void {
  if (limit === undefined || listeners + RESERVE < limit) return;
  throw new EmulatorError(
    'too-few-descriptors',
    `${listeners} listening ports need ${listeners + RESERVE} descriptors, this process may open ${limit}`,
    `Raise the limit with "ulimit -n ${listeners + RESERVE * 16}", or use a block of addresses such as 127.1.0.0/16, which needs one socket for all meters.`,
  );
}
