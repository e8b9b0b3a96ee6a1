/**
 * Rows of the store. Documents are JSON text; times are milliseconds since the epoch.
 * The table names `meter_profiles`, `fingerprints` and `discovery_logs` are the ones users' reports already name.
 */
export interface StoreSchema {
  readonly scans: ScanRow;
  readonly meters: MeterTableRow;
  readonly evidence: EvidenceRow;
  readonly fingerprints: FingerprintRow;
  readonly meter_profiles: MeterProfileRow;
  readonly discovery_logs: DiscoveryLogRow;
}

export interface ScanRow {
  id: string;
  started_at: number;
  finished_at: number | null;
  state: 'running' | 'finished' | 'cancelled' | 'interrupted';
  /** ScanOptions as JSON. */
  options: string;
  target_count: number;
  found: number;
}

export interface MeterTableRow {
  /** `<scan id>/<host>:<port>`: the same target of the same scan is one row, however often it is written. */
  id: string;
  scan_id: string;
  host: string;
  port: number;
  outcome: string;
  reason: string;
  found_at: number;
  duration_ms: number;
  vendor: string | null;
  model: string | null;
  /** 0..1. */
  confidence: number | null;
  framing: string | null;
  referencing: string | null;
  /** Readable summary, e.g. `none@16 lls@2 hls-gmac@1`. */
  authentication: string;
  suite: number | null;
  logical_device_name: string | null;
  serial: string | null;
  firmware: string | null;
  system_title: string | null;
  object_count: number;
  /** MeterFinding without evidence, as JSON. */
  finding: string;
}

export interface EvidenceRow {
  meter_id: string;
  /** Index of the record within the finding. */
  seq: number;
  time: number;
  kind: string;
  step: string;
  port: number;
  /** Hex: readable in any SQL client, and the same type in SQLite and PostgreSQL. */
  octets: string | null;
  text: string | null;
}

export interface FingerprintRow {
  meter_id: string;
  fingerprint: string;
  vendor: string | null;
  model: string | null;
  confidence: number | null;
  created_at: number;
}

export interface MeterProfileRow {
  meter_id: string;
  /** Configuration profile as JSON (schemas/configuration-profile.schema.json). */
  profile: string;
  created_at: number;
}

export interface DiscoveryLogRow {
  scan_id: string;
  /** Order within the scan. */
  seq: number;
  time: number;
  host: string | null;
  port: number | null;
  outcome: string;
  message: string;
}
