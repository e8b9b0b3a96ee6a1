import type { MeterFinding, ScanOptions } from './types.ts';

/**
 * Where a scan puts what it finds. Implemented by engine/store; a rejection stops the scan, because a scan that cannot
 * keep its results must not look as if it could.
 */
export interface ScanStore {
  /** `time` in milliseconds since the epoch. */
  saveScanStart(scanId: string, options: ScanOptions, targetCount: number, time: number): Promise<void>;
  /** `profile` is the configuration profile of the meter. */
  saveMeter(scanId: string, finding: MeterFinding, time: number, profile?: object): Promise<void>;
  saveScanFinish(scanId: string, state: 'finished' | 'cancelled', time: number): Promise<void>;
}
