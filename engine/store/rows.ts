import type { AssociationFinding, EvidenceRecord, MeterFinding } from '../discovery/types.ts';
import type { EvidenceRow, MeterTableRow } from './schema.ts';

/** Stable id of what one scan found at one target. */
export function meterId(scanId: string, host: string, port: number): string {
  return `${scanId}/${host}:${port}`;
}

/** `none@16 lls@2 hls-gmac@1`, by client SAP from high to low as the public client comes first in most tables. */
export function authenticationSummary(associations: readonly AssociationFinding[]): string {
  return [...associations]
    .sort((a, b) => b.clientSap - a.clientSap)
    .map((a) => `${a.mechanism === 'lowest' ? 'none' : a.mechanism}@${a.clientSap}`)
    .join(' ');
}

export function meterRow(scanId: string, finding: MeterFinding, time: number): MeterTableRow {
  const { evidence: _stored, ...document } = finding;
  return {
    id: meterId(scanId, finding.host, finding.port),
    scan_id: scanId,
    host: finding.host,
    port: finding.port,
    outcome: finding.outcome,
    reason: finding.reason,
    found_at: time,
    duration_ms: finding.durationMs,
    vendor: finding.classification?.vendor ?? null,
    model: finding.classification?.model ?? null,
    confidence: finding.classification?.confidence ?? null,
    framing: finding.framing?.value ?? null,
    referencing: finding.referencing?.value ?? null,
    authentication: authenticationSummary(finding.associations),
    suite: finding.suite?.value ?? null,
    logical_device_name: finding.logicalDeviceName?.value ?? null,
    serial: finding.serial?.value ?? null,
    firmware: finding.firmware?.value ?? null,
    system_title: finding.systemTitle?.value ?? null,
    object_count: finding.objects.length,
    finding: JSON.stringify(document),
  };
}

export function findingFromRow(row: MeterTableRow, evidence: readonly EvidenceRecord[]): MeterFinding {
  const document = JSON.parse(row.finding) as Omit<MeterFinding, 'evidence'>;
  return { ...document, evidence };
}

export function evidenceRow(meterId: string, seq: number, record: EvidenceRecord): EvidenceRow {
  return {
    meter_id: meterId,
    seq,
    time: record.time,
    kind: record.kind,
    step: record.step,
    port: record.port,
    octets: record.hex ?? null,
    text: record.text ?? null,
  };
}
