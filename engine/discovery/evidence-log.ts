import { toHex } from '../codec/hex.ts';
import type { EvidenceRecord } from './types.ts';

/** Octets of evidence kept for one meter; what goes beyond is counted, not kept. */
export const MAX_EVIDENCE_OCTETS = 512 * 1024;
/** Records kept for one meter. */
export const MAX_EVIDENCE_RECORDS = 4096;

/**
 * What was sent and received while one target was looked at, in order. Only ever appended; facts name the records they
 * rest on by index. `now`: milliseconds since the epoch.
 */
export class EvidenceLog {
  readonly records: EvidenceRecord[] = [];
  readonly #now: () => number;
  readonly #port: number;
  #octets = 0;
  #step = 'connect';
  #lost = 0;

  constructor(port: number, now: () => number) {
    this.#port = port;
    this.#now = now;
  }

  /** What the records from here on are about, e.g. `association:client16`. */
  step(step: string): void {
    this.#step = step;
  }

  get currentStep(): string {
    return this.#step;
  }

  octets(kind: 'tx' | 'rx', octets: Uint8Array): void {
    this.#octets += octets.length;
    if (this.#octets > MAX_EVIDENCE_OCTETS) this.#lost += octets.length;
    else this.#add({ kind, hex: toHex(octets) });
  }

  event(kind: 'connect' | 'timeout' | 'closed' | 'error' | 'note', text: string): void {
    this.#add({ kind, text });
  }

  /** Indices of the records made while `work` ran, beside its result. */
  async during<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly evidence: number[] }> {
    const from = this.records.length;
    const value = await work();
    return { value, evidence: this.since(from) };
  }

  /** Indices from `from` on. */
  since(from: number): number[] {
    return Array.from({ length: this.records.length - from }, (_, i) => from + i);
  }

  /** To be called once at the end: says what was not kept. */
  finish(): void {
    if (this.#lost > 0) this.#add({ kind: 'note', text: `${this.#lost} more octets were exchanged and not kept` });
  }

  #add(record: Pick<EvidenceRecord, 'kind' | 'hex' | 'text'>): void {
    if (this.records.length < MAX_EVIDENCE_RECORDS)
      this.records.push({ time: this.#now(), step: this.#step, port: this.#port, ...record });
  }
}
