import { searchObis } from '../../engine/cosem/obis/search.ts';
import type { Host } from '../host.ts';

/** Time after the first document was opened; by then its diagnostics are out. */
const AFTER_MS = 1500;

/** Builds the index of OBIS codes before it is asked for the first time, so that no keystroke has to wait for it. */
export function warmUp({ documents }: Host): void {
  const waiting = documents.onDidOpen(() => {
    waiting.dispose();
    setTimeout(() => searchObis(''), AFTER_MS).unref();
  });
}
