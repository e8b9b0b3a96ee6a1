import type { Mechanism } from '../codec/acse/types.ts';

/** How a fact was come by. Decides how far it can be trusted. */
export type Origin = 'negotiated' | 'read' | 'inferred';

/** One exchange or observation with a target, as it was on the wire. Evidence is only ever appended. */
export interface EvidenceRecord {
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** `connect`, `tx`, `rx`, `timeout`, `closed`, `error`, `note`. */
  readonly kind: 'connect' | 'tx' | 'rx' | 'timeout' | 'closed' | 'error' | 'note';
  /** What the scanner was trying to find out, e.g. `framing:wrapper`, `association:client16`, `read:0-0:42.0.0.255#2`. */
  readonly step: string;
  readonly port: number;
  /** Octets as they were on the wire, hex; passwords and keys are never sent by a scan, so none can be here. */
  readonly hex?: string;
  readonly text?: string;
}

export interface Fact<T> {
  readonly value: T;
  readonly origin: Origin;
  /** Index of the evidence records it rests on. */
  readonly evidence: readonly number[];
}

export interface AssociationFinding {
  readonly clientSap: number;
  readonly serverSap: number;
  readonly mechanism: Mechanism;
  readonly ciphered: boolean;
  readonly origin: Origin;
  /** True when the scan held this association. */
  readonly established: boolean;
  readonly conformance?: readonly string[];
  readonly maxPdu?: number;
  readonly diagnostic?: string;
}

export interface ObjectFinding {
  readonly obis: string;
  readonly class: number;
  readonly version: number;
  /** SN only. */
  readonly baseName?: number;
  /** Name by OBIS composition. */
  readonly name: string;
  /** Attribute index -> readable text of the access mode; LN only. */
  readonly access?: Readonly<Record<string, string>>;
}

/** A text the meter says about itself: device ids, maker, type, firmware. */
export interface IdentificationText {
  readonly obis: string;
  /** Name by OBIS composition. */
  readonly name: string;
  /** Trimmed; octets that are no text as hex. */
  readonly text: string;
  readonly evidence: readonly number[];
}

/** Outcome of one target. Every target ends with one, with a reason a person can act on. */
export type Outcome =
  | 'identified'
  | 'associated'
  | 'speaks-dlms'
  | 'open'
  | 'closed'
  | 'unreachable'
  | 'not-dlms'
  | 'error'
  | 'cancelled';

export interface MeterFinding {
  readonly host: string;
  readonly port: number;
  readonly outcome: Outcome;
  readonly reason: string;
  readonly durationMs: number;
  readonly framing?: Fact<'wrapper' | 'hdlc'>;
  readonly hdlc?: Fact<{
    readonly addressBytes: 1 | 2 | 4;
    readonly upper: number;
    readonly lower: number;
    readonly maxInfoTransmit: number;
    readonly maxInfoReceive: number;
    readonly windowTransmit: number;
    readonly windowReceive: number;
  }>;
  readonly referencing?: Fact<'LN' | 'SN'>;
  readonly associations: readonly AssociationFinding[];
  readonly suite?: Fact<0 | 1 | 2>;
  readonly systemTitle?: Fact<string>;
  readonly logicalDeviceName?: Fact<string>;
  readonly serial?: Fact<string>;
  readonly firmware?: Fact<string>;
  /** Every identification text that was read, the facts above among them. */
  readonly texts?: readonly IdentificationText[];
  readonly objects: readonly ObjectFinding[];
  readonly classification?: Classification;
  readonly fingerprint?: string;
  readonly errors: readonly string[];
  readonly evidence: readonly EvidenceRecord[];
}

export interface Classification {
  readonly vendor: string;
  readonly model: string;
  /** 0..1. */
  readonly confidence: number;
  /** Readable reasons, strongest first. */
  readonly because: readonly string[];
  readonly alternatives: readonly { readonly vendor: string; readonly model: string; readonly confidence: number }[];
}

export interface ScanOptions {
  /** CIDR, range `a-b`, single address or host name. */
  readonly targets: readonly string[];
  readonly exclude: readonly string[];
  readonly ports: readonly number[];
  /** Connection attempts a second; 0 = unlimited. */
  readonly rate: number;
  /** Milliseconds to wait for an answer. */
  readonly timeoutMs: number;
  readonly concurrency: number;
  /** Needed for anything outside of loopback and private ranges. */
  readonly allowPublic: boolean;
}

export type ScanEvent =
  | { readonly type: 'started'; readonly scanId: string; readonly targets: number; readonly time: number }
  | {
      readonly type: 'progress';
      readonly scanId: string;
      readonly stage: 'ports' | 'dlms';
      readonly done: number;
      readonly total: number;
      readonly found: number;
      readonly etaMs?: number;
    }
  | { readonly type: 'meter'; readonly scanId: string; readonly meter: MeterFinding }
  | {
      readonly type: 'finished';
      readonly scanId: string;
      readonly cancelled: boolean;
      readonly durationMs: number;
      readonly outcomes: Readonly<Record<string, number>>;
    }
  /** The scan itself stopped, e.g. because its store failed. Told by whoever runs it; `next` is what to do. */
  | { readonly type: 'failed'; readonly scanId: string; readonly message: string; readonly next: string };
