import type { CodecError, Deviation } from '../codec/result.ts';

/** One thing that happened on an association, in order. The trace panel, trace files and evidence are made of these. */
export interface TraceEntry {
  readonly index: number;
  /** Milliseconds since the epoch, fractional part allowed. */
  readonly time: number;
  readonly direction: 'tx' | 'rx' | 'note';
  /** `link` = octets on the wire incl. framing; `apdu` = one APDU without framing. */
  readonly layer: 'link' | 'apdu';
  readonly octets: Uint8Array;
  /** Short name, e.g. `get-request-normal 1-0:1.8.0.255 #2`, or the note. */
  readonly summary: string;
  /** Clear APDU where `octets` are ciphered and the keys were at hand. */
  readonly plain?: Uint8Array;
  readonly error?: CodecError;
  readonly deviations?: readonly Deviation[];
}

/** Receives trace entries while a session runs. */
export type TraceSink = (entry: TraceEntry) => void;
