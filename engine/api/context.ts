import type { EmulatorInstance } from '../emulator/types.ts';
import type { Store } from '../store/store.ts';

/** What the routes answer from. */
export interface ApiContext {
  readonly store: Store;
  /** Emulated meters running in this process. */
  readonly emulators: () => readonly EmulatorInstance[];
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}
