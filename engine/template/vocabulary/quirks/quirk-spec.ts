/** A deviation from the standard that meters of the field have, as a template can name it. */
export interface QuirkSpec {
  /** Rows of the collection of deviations it comes from, `Q45`; empty for those only decoders know of. */
  readonly rows: readonly string[];
  readonly layer: 'link' | 'hdlc' | 'association' | 'xdlms';
  /** What the meter does, in one sentence. */
  readonly doc: string;
  /** Meters it was seen in, and the public source. */
  readonly seen: string;
  /** How a client notices. */
  readonly notice: string;
  /** What may be set with `with`. */
  readonly value?: QuirkValue;
}

/** The one thing about a named quirk that can be set. */
export interface QuirkValue {
  readonly doc: string;
  /** Durations are milliseconds. */
  readonly is: 'duration' | 'number';
  readonly otherwise: number;
  readonly min: number;
  readonly max: number;
}

export type QuirkTable = Readonly<Record<string, QuirkSpec>>;
