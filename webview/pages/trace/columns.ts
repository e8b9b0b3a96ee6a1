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

/** Octets of the link are called a frame, since their summary names no service. */
function summaryText({ summary, layer, direction }: TraceLine): string {
  return direction !== 'note' && layer === 'link' ? `frame: ${summary}` : summary;
}

/** Only an arrow: the summary needs the room. Its words are in the tooltip and for screen readers. */
function directionCell({ direction }: TraceLine): Node {
  const { icon: name, title } = directions[direction];
  return element('span', { class: `direction ${direction}`, role: 'img', 'aria-label': title }, icon(name));
}

function summaryCell(row: TraceLine): Node {
  const { error, deviations = [] } = row;
  const cell = element('span', { class: 'summary' });
  if (error !== undefined) cell.append(icon('error', 'bad'));
  else if (deviations.length > 0) cell.append(icon('warning', 'warn'));
  cell.append(element('span', { class: 'grid-text' }, summaryText(row)));
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
    title: 'Way',
    width: 3,
    text: (row) => directions[row.direction].title,
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
    text: (row) => [summaryText(row), row.error, ...(row.deviations ?? [])].filter(Boolean).join(' '),
    cell: summaryCell,
  },
];
