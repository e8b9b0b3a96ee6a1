import type { HdlcFrame } from '../codec/hdlc/frame.ts';
import { sameOctets } from '../codec/octets.ts';

/**
 * Recognises the echo of an optical head (quirk Q01), which hands every frame sent back before the answer. The echo is
 * told by the SNRM or DISC that comes back, since a primary never receives one. From then on one copy of each frame
 * sent is expected and dropped; before that nothing is, because an RR and its answer may be the same octets.
 */
export class EchoFilter {
  #echoing = false;
  /** Frames sent and not yet come back; only kept once an echo has been seen. */
  #expected: Uint8Array[] = [];

  reset(): void {
    this.#echoing = false;
    this.#expected = [];
  }

  sent(octets: Uint8Array): void {
    if (this.#echoing) this.#expected.push(octets);
  }

  isEcho(frame: HdlcFrame, octets: Uint8Array): boolean {
    if (frame.kind === 'SNRM' || frame.kind === 'DISC') {
      this.#echoing = true;
      this.#expected = [];
      return true;
    }
    const at = this.#expected.findIndex((sent) => sameOctets(sent, octets));
    // The echo comes before the answer: what has not come back by then never will.
    this.#expected = at < 0 ? [] : this.#expected.slice(at + 1);
    return at >= 0;
  }
}
