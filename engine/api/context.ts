import type { EmulatorInstance } from '../emulator/types.ts';
import type { Store } from '../store/store.ts';
import type { EmulatorControl } from './routes/emulators.ts';

/** What the routes answer from. */
export interface ApiContext {
  readonly store: Store;
  /** Emulated meters running in this process. */
  readonly emulators: () => readonly EmulatorInstance[];
  /** Lets clients change them; absent where they may not. */
  readonly control?: EmulatorControl;
  readonly version: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** What the API of a process without a store answers from. */
export interface ControlContext {
  readonly control: EmulatorControl;
  readonly version: string;
}
