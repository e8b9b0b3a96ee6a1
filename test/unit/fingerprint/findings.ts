import type { Fact, IdentificationText, MeterFinding } from '../../../engine/discovery/types.ts';

export function read<T>(value: T): Fact<T> {
  return { value, origin: 'read', evidence: [0] };
}

export function text(obis: string, value: string): IdentificationText {
  return { obis, name: obis, text: value, evidence: [0] };
}

/** A finding of a meter that was held by the public client, without anything that identifies it. */
export function finding(parts: Partial<MeterFinding> = {}): MeterFinding {
  return {
    host: '127.0.0.1',
    port: 4059,
    outcome: 'identified',
    reason: 'held by the public client',
    durationMs: 10,
    framing: { value: 'wrapper', origin: 'negotiated', evidence: [0] },
    referencing: { value: 'LN', origin: 'negotiated', evidence: [0] },
    associations: [
      {
        clientSap: 16,
        serverSap: 1,
        mechanism: 'lowest',
        ciphered: false,
        origin: 'negotiated',
        established: true,
        conformance: ['get'],
        maxPdu: 1024,
        diagnostic: 'null',
      },
    ],
    objects: [
      { obis: '0-0:42.0.0.255', class: 1, version: 0, name: 'COSEM logical device name', access: { '2': 'read' } },
    ],
    errors: [],
    evidence: [{ time: 1_000, kind: 'connect', step: 'connect', port: 4059, text: 'connected' }],
    ...parts,
  };
}
