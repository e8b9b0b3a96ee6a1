import { readdirSync, readFileSync } from 'node:fs';
import { EmulatorError } from './errors.ts';

/** Descriptors kept free for files, databases and connections of our own. */
const RESERVE = 128;

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

/** Descriptors that are open now; 0 where the system does not tell. */
function openDescriptors(): number {
  try {
    return readdirSync('/proc/self/fd').length;
  } catch {
    return 0;
  }
}

/**
 * The sockets the emulators of a process may have open together. Connections beyond it are refused and counted, and are
 * taken again as soon as others have ended: running out of descriptors would hit whatever opens a file next.
 */
export class DescriptorBudget {
  /** The limit of the process; Infinity where there is none. */
  readonly limit: number;
  /** Sockets there can be; Infinity where there is no limit. */
  readonly room: number;
  #listeners = 0;
  #connections = 0;

  constructor(limit: number = descriptorLimit() ?? Number.POSITIVE_INFINITY, open: number = openDescriptors()) {
    this.limit = limit;
    this.room = Math.max(0, limit - RESERVE - open);
  }

  /** Connections that could be open beside the sockets that listen. */
  get connectionRoom(): number {
    return Math.max(0, this.room - this.#listeners);
  }

  /** Sets some aside for sockets that listen. @throws EmulatorError `too-few-descriptors` */
  addListeners(count: number): void {
    if (this.#listeners + count >= this.room) {
      const needed = this.#listeners + count + RESERVE;
      throw new EmulatorError(
        'too-few-descriptors',
        `${count} listening ports need ${needed} descriptors, this process may open ${this.limit}`,
        `Raise the limit with "ulimit -n ${needed + RESERVE * 16}", or use a block of addresses such as 127.1.0.0/16, which needs one socket for all meters.`,
      );
    }
    this.#listeners += count;
  }

  removeListeners(count: number): void {
    this.#listeners -= count;
  }

  /** One more connection; false if there is no descriptor for it. */
  addConnection(): boolean {
    if (this.#connections >= this.connectionRoom) return false;
    this.#connections += 1;
    return true;
  }

  removeConnection(): void {
    this.#connections -= 1;
  }
}

let ofProcess: DescriptorBudget | undefined;

/** The budget of this process. */
export function processDescriptors(): DescriptorBudget {
  ofProcess ??= new DescriptorBudget();
  return ofProcess;
}
