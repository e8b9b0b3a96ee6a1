import type { ScanEvent } from '../discovery/types.ts';
import type { CliIo } from './io.ts';

const CLEAR_LINE = '\r\u001b[K';

/** One line on stderr that follows the scan, where a person watches. */
export class ScanProgressLine {
  readonly #io: CliIo;
  #shown = false;
  #ports = '';
  #meters = '';

  constructor(io: CliIo) {
    this.#io = io;
  }

  show(event: ScanEvent): void {
    if (!this.#io.interactive || event.type !== 'progress') return;
    const share = event.total === 0 ? 0 : Math.floor((event.done / event.total) * 100);
    const left = event.etaMs === undefined ? '' : `, ${Math.ceil(event.etaMs / 1000)} s left`;
    if (event.stage === 'ports') this.#ports = `ports ${event.done}/${event.total} (${share} %${left})`;
    else this.#meters = `open ${event.total}, looked at ${event.done}`;
    this.#io.err(`${CLEAR_LINE}${`${this.#ports}; ${this.#meters}`.slice(0, Math.max(0, this.#io.columns - 1))}`);
    this.#shown = true;
  }

  clear(): void {
    if (this.#shown) this.#io.err(CLEAR_LINE);
    this.#shown = false;
  }
}
