import type { Emulator } from './emulator.ts';
import { ManagedEmulator } from './managed.ts';
import type { StartEmulatorOptions } from './plan.ts';

/**
 * Puts virtual meters on sockets, for callers that will not change them while they run.
 * @throws EmulatorError with a code and the next step; nothing is left open then.
 */
export async function startEmulator(options: StartEmulatorOptions): Promise<Emulator> {
  return (await ManagedEmulator.start(options)).emulator;
}
