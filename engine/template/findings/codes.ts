import type { Severity } from './finding.ts';
export const findingCodes = {
  'DLMS-101': { severity: 'error' as Severity, title: 'Character without meaning' },
  'DLMS-102': { severity: 'error' as Severity, title: 'Text without end' },
  'DLMS-103': { severity: 'error' as Severity, title: '' },
  'DLMS-104': { severity: 'error' as Severity, title: '' },
  'DLMS-105': { severity: 'error' as Severity, title: '' },
  'DLMS-106': { severity: 'error' as Severity, title: '' },
  'DLMS-107': { severity: 'error' as Severity, title: '' },
  'DLMS-108': { severity: 'error' as Severity, title: '' },
  'DLMS-109': { severity: 'error' as Severity, title: '' },
  'DLMS-110': { severity: 'error' as Severity, title: '' },
  'DLMS-111': { severity: 'error' as Severity, title: '' },
  'DLMS-112': { severity: 'error' as Severity, title: '' },
  'DLMS-113': { severity: 'error' as Severity, title: '' },
};
export type FindingCode = keyof typeof findingCodes;
