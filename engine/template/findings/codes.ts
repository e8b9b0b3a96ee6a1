import type { Severity } from './finding.ts';

interface CodeInfo {
  readonly title: string;
  /** What a finding has unless its place knows better. */
  readonly severity: Severity;
}

/**
 * Every code, once and for all: 1xx form, 2xx vocabulary, 3xx names and files, 4xx values, 5xx objects, 6xx associations
 * and security, 7xx identity and transports, 8xx fleets and behaviour, 9xx OBIS profiles.
 */
const table = {
  'DLMS-101': { title: 'Character without meaning', severity: 'error' },
  'DLMS-102': { title: 'Text without end', severity: 'error' },
  'DLMS-103': { title: 'Comment without end', severity: 'error' },
  'DLMS-104': { title: 'Incomplete OBIS code', severity: 'error' },
  'DLMS-105': { title: 'Block not closed', severity: 'error' },
  'DLMS-106': { title: 'Brace that closes nothing', severity: 'error' },
  'DLMS-107': { title: 'Misplaced word or sign', severity: 'error' },
  'DLMS-108': { title: 'Part of a value missing', severity: 'error' },
  'DLMS-109': { title: 'Property without value', severity: 'error' },
  'DLMS-110': { title: 'Wrong word before a brace', severity: 'error' },
  'DLMS-111': { title: 'Unfinished entry', severity: 'error' },
  'DLMS-112': { title: 'Block without kind', severity: 'error' },
  'DLMS-113': { title: 'Bracket not closed', severity: 'error' },
  'DLMS-201': { title: 'Unknown kind of block', severity: 'error' },
  'DLMS-202': { title: 'Block in the wrong place', severity: 'error' },
  'DLMS-203': { title: 'Unknown property', severity: 'error' },
  'DLMS-204': { title: 'Property stated twice', severity: 'error' },
  'DLMS-205': { title: 'Block stated twice', severity: 'error' },
  'DLMS-206': { title: 'Wrong head of a block', severity: 'error' },
  'DLMS-207': { title: 'Block and property confused', severity: 'error' },
  'DLMS-208': { title: 'Required property missing', severity: 'error' },
  'DLMS-301': { title: 'File not found', severity: 'error' },
  'DLMS-303': { title: 'Name of nothing', severity: 'error' },
  'DLMS-304': { title: 'Name defined twice', severity: 'error' },
  'DLMS-305': { title: 'Meter extends itself', severity: 'error' },
  'DLMS-306': { title: 'Inherited name without override', severity: 'error' },
  'DLMS-307': { title: 'Override of nothing', severity: 'error' },
  'DLMS-308': { title: 'Removal of nothing', severity: 'error' },
  'DLMS-309': { title: 'Unknown name in a value', severity: 'error' },
  'DLMS-310': { title: 'Inherited part lacks what it needs', severity: 'error' },
  'DLMS-311': { title: 'Wrong placeholder in a name', severity: 'error' },
  'DLMS-312': { title: 'Unusable range', severity: 'error' },
  'DLMS-401': { title: 'Value of the wrong kind', severity: 'error' },
  'DLMS-402': { title: 'Number out of range', severity: 'error' },
  'DLMS-403': { title: 'Unknown word', severity: 'error' },
  'DLMS-404': { title: 'Unknown unit', severity: 'error' },
  'DLMS-405': { title: 'Unknown function', severity: 'error' },
  'DLMS-406': { title: 'Wrong arguments', severity: 'error' },
  'DLMS-407': { title: 'Unknown data type', severity: 'error' },
  'DLMS-408': { title: 'Type does not belong to the attribute', severity: 'error' },
  'DLMS-409': { title: 'Type missing', severity: 'error' },
  'DLMS-410': { title: 'Value does not fit its type', severity: 'error' },
  'DLMS-412': { title: 'Text of the wrong form', severity: 'error' },
  'DLMS-413': { title: 'Wrong OBIS value group', severity: 'error' },
  'DLMS-414': { title: 'Unknown placeholder in a text', severity: 'error' },
  'DLMS-415': { title: 'Wrong octets', severity: 'error' },
  'DLMS-501': { title: 'Unknown interface class', severity: 'error' },
  'DLMS-502': { title: 'Unknown attribute', severity: 'error' },
  'DLMS-503': { title: 'Unknown class version', severity: 'error' },
  'DLMS-504': { title: 'Unknown method', severity: 'error' },
  'DLMS-505': { title: 'Logical name used twice', severity: 'error' },
  'DLMS-506': { title: 'Short names overlap', severity: 'error' },
  'DLMS-507': { title: 'Unusable short name', severity: 'error' },
  'DLMS-508': { title: 'Short name without use', severity: 'warning' },
  'DLMS-511': { title: 'Object nobody can reach', severity: 'warning' },
  'DLMS-601': { title: 'Client address used twice', severity: 'error' },
  'DLMS-602': { title: 'Security missing', severity: 'error' },
  'DLMS-603': { title: 'Key missing for the suite', severity: 'error' },
  'DLMS-604': { title: 'Password missing or useless', severity: 'error' },
  'DLMS-605': { title: 'Key readable in the file', severity: 'warning' },
  'DLMS-606': { title: 'Service of the other referencing', severity: 'error' },
  'DLMS-608': { title: 'Referencing the meter does not have', severity: 'error' },
  'DLMS-609': { title: 'Client address too long for HDLC', severity: 'error' },
  'DLMS-610': { title: 'No association', severity: 'warning' },
  'DLMS-701': { title: 'Logical device name too long', severity: 'error' },
  'DLMS-702': { title: 'Logical device name without FLAG letters', severity: 'warning' },
  'DLMS-703': { title: 'FLAG letters of another maker', severity: 'information' },
  'DLMS-704': { title: 'Wrong system title', severity: 'error' },
  'DLMS-705': { title: 'No transport', severity: 'warning' },
  'DLMS-706': { title: 'Port used twice', severity: 'error' },
  'DLMS-707': { title: 'HDLC address too long', severity: 'error' },
  'DLMS-801': { title: 'Fleet of an abstract meter', severity: 'error' },
  'DLMS-802': { title: 'Too few addresses or ports', severity: 'error' },
  'DLMS-803': { title: 'Wrong address', severity: 'error' },
  'DLMS-804': { title: 'Quirk or fault without action', severity: 'warning' },
  'DLMS-805': { title: 'Fault that always happens', severity: 'warning' },
} as const satisfies Readonly<Record<string, CodeInfo>>;

/** Stable code of a finding: `DLMS-303`. */
export type FindingCode = keyof typeof table;

export const findingCodes: Readonly<Record<FindingCode, CodeInfo>> = table;
