import { element, icon } from '../../dom.ts';
import { counted, percent } from '../../figures.ts';
import type { ScanRow } from '../../messages.ts';
import { outcomeLooks } from '../../outcomes.ts';
import type { Column } from '../../table/data-grid.ts';

/** What makes a target of a scan the same target. */
export function addressOf({ host, port }: Pick<ScanRow, 'host' | 'port'>): string {
  return host.includes(':') ? `[${host}]:${port}` : `${host}:${port}`;
}

function outcomeCell({ outcome }: ScanRow): Node {
  const { icon: name, tone, title } = outcomeLooks[outcome];
  const cell = element(
    'span',
    { class: 'with-icon' },
    icon(name, tone),
    element('span', { class: 'grid-text' }, title),
  );
  return cell;
}

/** Mechanisms the meter answered to, e.g. `none, lls, gmac`. */
function associationsOf({ associations }: ScanRow): string {
  return associations.join(', ');
}

export const scanColumns: readonly Column<ScanRow>[] = [
  { id: 'host', title: 'Host', width: 8.5, grow: 1, monospace: true, text: (row) => row.host },
  { id: 'port', title: 'Port', width: 4.5, align: 'end', text: (row) => String(row.port), order: (row) => row.port },
  {
    id: 'outcome',
    title: 'Outcome',
    width: 9.5,
    text: (row) => outcomeLooks[row.outcome].title,
    cell: outcomeCell,
    tip: (row) => row.reason,
  },
  { id: 'vendor', title: 'Vendor', width: 8, grow: 2, text: (row) => row.vendor ?? '' },
  { id: 'model', title: 'Model', width: 6, grow: 1, text: (row) => row.model ?? '' },
  {
    id: 'referencing',
    title: 'Ref.',
    width: 4,
    text: (row) => row.referencing ?? '',
    tip: (row) => referencingTip(row.referencing),
  },
  { id: 'framing', title: 'Framing', width: 5.5, text: (row) => row.framing ?? '' },
  { id: 'auth', title: 'Authentication', width: 9.5, grow: 1, text: associationsOf },
  {
    id: 'suite',
    title: 'Suite',
    width: 4,
    align: 'end',
    text: (row) => row.suite ?? '',
    tip: (row) => (row.suite === undefined ? '' : `Security suite ${row.suite}`),
  },
  {
    id: 'objects',
    title: 'Objects',
    width: 5.5,
    align: 'end',
    text: (row) => (row.objects === 0 ? '' : String(row.objects)),
    order: (row) => row.objects,
    tip: (row) => counted(row.objects, 'object', 'objects'),
  },
  {
    id: 'confidence',
    title: 'Confidence',
    width: 7,
    align: 'end',
    text: (row) => (row.confidence === undefined ? '' : percent(row.confidence)),
    order: (row) => row.confidence ?? -1,
  },
  { id: 'reason', title: 'Reason', width: 10, grow: 3, text: (row) => row.reason },
];

function referencingTip(referencing: string | undefined): string {
  if (referencing === 'LN') return 'Logical name referencing';
  return referencing === 'SN' ? 'Short name referencing' : '';
}
