import { element, icon } from '../../dom.ts';
import { clock, delta } from '../../figures.ts';
import type { TraceRow } from '../../messages.ts';
import type { Column } from '../../table/data-grid.ts';
import type { TraceLine } from '../../trace/trace-lines.ts';

const directions: Readonly<Record<TraceRow['direction'], { icon: string; title: string; tip: string }>> = {
  tx: { icon: 'arrow-right', title: 'sent', tip: 'Sent to the meter' },
  rx: { icon: 'arrow-left', title: 'received', tip: 'Received from the meter' },
  note: { icon: 'note', title: 'note', tip: 'Something that happened, without octets' },
};

/** `sent` is an APDU, `sent frame` the octets of the link. */
function directionText({ direction, layer }: TraceLine): string {
  const { title } = directions[direction];
  return direction !== 'note' && layer === 'link' ? `${title} frame` : title;
}

function directionCell(row: TraceLine): Node {
  const { direction } = row;
  const { icon: name } = directions[direction];
  return element(
    'span',
    { class: `direction ${direction}` },
    icon(name),
    element('span', { class: 'grid-text' }, directionText(row)),
  );
}

function summaryCell({ summary, error }: TraceLine): Node {
  const cell = element('span', { class: 'summary' });
  if (error !== undefined) cell.append(icon('error', 'bad'));
  cell.append(element('span', { class: 'grid-text' }, summary));
  return cell;
}

export const traceColumns: readonly Column<TraceLine>[] = [
  { id: 'time', title: 'Time', width: 9, monospace: true, text: (row) => clock(row.time) },
  {
    id: 'delta',
    title: 'Delta',
    width: 5,
    align: 'end',
    text: (row) => (row.sinceBefore === 0 ? '' : delta(row.sinceBefore)),
  },
  {
    id: 'direction',
    title: 'Direction',
    width: 10.5,
    text: directionText,
    cell: directionCell,
    tip: (row) => directions[row.direction].tip,
  },
  {
    id: 'length',
    title: 'Octets',
    width: 5,
    align: 'end',
    text: (row) => (row.length === 0 ? '' : String(row.length)),
  },
  {
    id: 'summary',
    title: 'Summary',
    width: 8,
    grow: 1,
    text: (row) => (row.error === undefined ? row.summary : `${row.summary} ${row.error}`),
    cell: summaryCell,
  },
];
