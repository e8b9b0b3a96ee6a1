import { element, icon } from '../dom.ts';
import { type Arrangement, arrange, type ColumnValues } from './arrange.ts';
import { VirtualList } from './virtual-list.ts';

/** A column: its values, and how its cells look. */
export interface Column<R> extends ColumnValues<R> {
  readonly title: string;
  /** Least width in em. */
  readonly width: number;
  /** Share of what is left over; default none. */
  readonly grow?: number;
  readonly align?: 'end';
  readonly monospace?: boolean;
  /** What the cell holds; default is its text. */
  readonly cell?: (row: R) => Node;
  /** Longer words of the cell, shown as its tooltip; default is its text. */
  readonly tip?: (row: R) => string;
}

export interface DataGridOptions<R> {
  /** Name for screen readers. */
  readonly label: string;
  readonly columns: readonly Column<R>[];
  /** What makes a row the same row after a change. */
  readonly key: (row: R) => string;
  /** The rows of this class stand out, e.g. `tx`. */
  readonly rowClass?: (row: R) => string | undefined;
  /** Shown in place of rows. */
  readonly empty: string;
  /** Rows keep their order and headers do not sort. */
  readonly fixedOrder?: boolean;
  /** The selection moved. */
  readonly onSelect?: (row: R) => void;
  /** Enter or double click on a row. */
  readonly onActivate?: (row: R) => void;
  /** The person sorted. */
  readonly onArrange?: () => void;
  /** The rows shown changed. */
  readonly onShown?: () => void;
}

/** Pixels; rows of one height keep 100,000 of them cheap. */
const rowHeight = 24;
const headHeight = 26;
/** Larger tables are drawn less often while rows arrive. */
const largeTable = 2_000;
const largeTableEveryMs = 400;
let grids = 0;

/**
 * A table for many rows after the ARIA grid pattern: one tab stop, arrow keys move the active cell, the header row is
 * above the first row and sorts with Enter. Only rows in sight are in the document; `aria-rowindex` tells the rest.
 */
export class DataGrid<R> {
  readonly element: HTMLElement;
  readonly #options: DataGridOptions<R>;
  readonly #id = `grid${grids++}`;
  readonly #head: HTMLElement;
  readonly #body: HTMLElement;
  readonly #empty: HTMLElement;
  readonly #list: VirtualList;
  #arrangement: Arrangement = { filter: '', descending: false };
  #all: readonly R[] = [];
  #rows: readonly R[] = [];
  /** Position of the active row in `#rows`; -1 is the header. */
  #row = 0;
  #column = 0;
  #selected: string | undefined;
  #waiting: ReturnType<typeof setTimeout> | undefined;

  constructor(options: DataGridOptions<R>) {
    this.#options = options;
    this.#head = element('div', { role: 'row', class: 'grid-head', 'aria-rowindex': 1 });
    this.#body = element('div', { role: 'rowgroup', class: 'grid-body' });
    this.#empty = element('p', { class: 'grid-empty' }, options.empty);
    this.element = element(
      'div',
      {
        class: 'grid',
        role: 'grid',
        tabindex: 0,
        'aria-label': options.label,
        'aria-colcount': options.columns.length,
      },
      element('div', { role: 'rowgroup', class: 'grid-head-group' }, this.#head),
      this.#body,
      this.#empty,
    );
    const tracks = options.columns.map(({ width, grow }) =>
      grow === undefined ? `${width}em` : `minmax(${width}em, ${grow}fr)`,
    );
    const least = options.columns.reduce((sum, { width }) => sum + width, 0);
    this.element.style.setProperty('--grid-columns', tracks.join(' '));
    this.element.style.setProperty('--grid-min-width', `calc(${least}em + 24px)`);
    this.#list = new VirtualList({
      scroller: this.element,
      body: this.#body,
      rowHeight,
      headHeight,
      row: (index) => this.#rowElement(index),
    });
    this.#drawHead();
    this.element.addEventListener('keydown', (event) => this.#onKey(event));
    this.element.addEventListener('click', (event) => this.#onClick(event));
    this.element.addEventListener('dblclick', (event) => this.#onDoubleClick(event));
    this.element.addEventListener('focus', () => this.#markActive());
  }

  /** All rows, before the filter. Shown a little later, so that a burst of changes costs one drawing. */
  set rows(rows: readonly R[]) {
    this.#all = rows;
    const pause = rows.length > largeTable ? largeTableEveryMs : 0;
    this.#waiting ??= setTimeout(() => this.#update(), pause);
  }

  /** The rows as shown: filtered and sorted. */
  get shown(): readonly R[] {
    if (this.#waiting !== undefined) this.#update();
    return this.#rows;
  }

  get arrangement(): Arrangement {
    return this.#arrangement;
  }

  set arrangement(arrangement: Arrangement) {
    this.#arrangement = arrangement;
    this.#drawHead();
    this.#update();
  }

  get selected(): R | undefined {
    const active = this.#rows[this.#row];
    return active !== undefined && this.#options.key(active) === this.#selected ? active : undefined;
  }

  /** Selects the row with this key and brings it into sight; false when it is not shown. */
  select(key: string): boolean {
    const index = this.shown.findIndex((row) => this.#options.key(row) === key);
    if (index < 0) return false;
    this.#activate(index, this.#column);
    return true;
  }

  #update(): void {
    clearTimeout(this.#waiting);
    this.#waiting = undefined;
    const { columns, key } = this.#options;
    this.#rows = arrange(this.#all, columns, this.#arrangement);
    const selected = this.#selected === undefined ? -1 : this.#rows.findIndex((row) => key(row) === this.#selected);
    if (selected >= 0) this.#row = selected;
    else if (this.#row >= this.#rows.length) this.#row = Math.max(0, this.#rows.length - 1);
    this.element.setAttribute('aria-rowcount', String(this.#rows.length + 1));
    this.#empty.toggleAttribute('hidden', this.#rows.length > 0);
    this.#empty.textContent = this.#all.length > 0 ? 'No row matches the filter.' : this.#options.empty;
    this.#list.setCount(this.#rows.length);
    this.#markActive();
    this.#options.onShown?.();
  }

  #drawHead(): void {
    const { columns, fixedOrder = false } = this.#options;
    const { sort, descending } = this.#arrangement;
    this.#head.replaceChildren(
      ...columns.map((column, index) => {
        const sorted = column.id === sort;
        const cell = element(
          'div',
          {
            role: 'columnheader',
            id: this.#cellId(-1, index),
            class: `grid-header${column.align === 'end' ? ' end' : ''}${fixedOrder ? '' : ' sortable'}`,
            'aria-colindex': index + 1,
            'aria-sort': fixedOrder ? undefined : sorted ? (descending ? 'descending' : 'ascending') : 'none',
            title: fixedOrder ? column.title : `Sort by ${column.title}`,
            'data-column': index,
          },
          element('span', { class: 'grid-text' }, column.title),
        );
        if (sorted) cell.append(icon(descending ? 'triangle-down' : 'triangle-up', 'sort-mark'));
        return cell;
      }),
    );
  }

  #rowElement(index: number): HTMLElement {
    const row = this.#rows[index];
    if (row === undefined) return element('div');
    const { columns, key, rowClass } = this.#options;
    const selected = key(row) === this.#selected;
    const made = element('div', {
      role: 'row',
      class: ['grid-row', rowClass?.(row), selected ? 'selected' : undefined].filter(Boolean).join(' '),
      'aria-rowindex': index + 2,
      'aria-selected': selected ? 'true' : 'false',
      'data-row': index,
    });
    made.append(
      ...columns.map((column, position) => {
        const text = column.text(row);
        return element(
          'div',
          {
            role: 'gridcell',
            id: this.#cellId(index, position),
            class: [
              'grid-cell',
              column.align,
              column.monospace === true ? 'monospace' : undefined,
              index === this.#row && position === this.#column ? 'active' : undefined,
            ]
              .filter(Boolean)
              .join(' '),
            'aria-colindex': position + 1,
            'data-column': position,
            title: column.tip?.(row) ?? text,
          },
          column.cell === undefined ? element('span', { class: 'grid-text' }, text) : column.cell(row),
        );
      }),
    );
    return made;
  }

  #cellId(row: number, column: number): string {
    return `${this.#id}-${row}-${column}`;
  }

  #markActive(): void {
    this.element.querySelector('.active')?.classList.remove('active');
    const id = this.#cellId(this.#row, this.#column);
    const cell = this.element.querySelector(`#${id}`);
    cell?.classList.add('active');
    if (cell === null) this.element.removeAttribute('aria-activedescendant');
    else this.element.setAttribute('aria-activedescendant', id);
  }

  #activate(index: number, column: number): void {
    const row = this.#rows[index];
    this.#row = index;
    this.#column = column;
    if (row !== undefined) {
      const key = this.#options.key(row);
      const changed = key !== this.#selected;
      this.#selected = key;
      this.#list.reveal(index);
      this.#markSelected(index);
      if (changed) this.#options.onSelect?.(row);
    }
    this.#markActive();
  }

  #markSelected(index: number): void {
    for (const shown of this.element.querySelectorAll('.grid-row.selected')) setSelected(shown, false);
    const shown = this.#list.element(index);
    if (shown !== undefined) setSelected(shown, true);
  }

  #sortBy(position: number): void {
    const column = this.#options.columns[position];
    if (column === undefined || this.#options.fixedOrder === true) return;
    const { filter, sort, descending } = this.#arrangement;
    // Third time: back to the order in which rows came.
    const next: Arrangement =
      sort !== column.id
        ? { filter, sort: column.id, descending: false }
        : descending
          ? { filter, descending: false }
          : { filter, sort, descending: true };
    this.arrangement = next;
    this.#options.onArrange?.();
  }

  #onKey(event: KeyboardEvent): void {
    const last = this.#rows.length - 1;
    const columns = this.#options.columns.length - 1;
    const page = this.#list.page;
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => this.#move(Math.min(last, this.#row + 1)),
      ArrowUp: () => this.#move(Math.max(-1, this.#row - 1)),
      PageDown: () => this.#move(Math.min(last, this.#row + page)),
      PageUp: () => this.#move(Math.max(0, this.#row - page)),
      ArrowRight: () => this.#turn(Math.min(columns, this.#column + 1)),
      ArrowLeft: () => this.#turn(Math.max(0, this.#column - 1)),
      Home: () => (event.ctrlKey ? this.#move(0) : this.#turn(0)),
      End: () => (event.ctrlKey ? this.#move(last) : this.#turn(columns)),
      Enter: () => this.#enter(),
      ' ': () => this.#move(this.#row),
    };
    const move = moves[event.key];
    if (move === undefined || event.altKey || event.metaKey) return;
    event.preventDefault();
    move();
  }

  #move(row: number): void {
    this.#activate(row, this.#column);
  }

  #turn(column: number): void {
    this.#column = column;
    this.#markActive();
    this.element.querySelector('.active')?.scrollIntoView({ block: 'nearest', inline: 'nearest' });
  }

  #enter(): void {
    const row = this.#rows[this.#row];
    if (this.#row < 0) this.#sortBy(this.#column);
    else if (row !== undefined) this.#options.onActivate?.(row);
  }

  #onClick(event: MouseEvent): void {
    const { row, column } = placeOf(event);
    if (column === undefined) return;
    if (row === undefined) this.#sortBy(column);
    else this.#activate(row, column);
  }

  #onDoubleClick(event: MouseEvent): void {
    const { row: index } = placeOf(event);
    const row = index === undefined ? undefined : this.#rows[index];
    if (row !== undefined) this.#options.onActivate?.(row);
  }
}

function setSelected(row: Element, selected: boolean): void {
  row.classList.toggle('selected', selected);
  row.setAttribute('aria-selected', String(selected));
}

function placeOf(event: MouseEvent): { row: number | undefined; column: number | undefined } {
  const target = event.target instanceof Element ? event.target : undefined;
  const numberOf = (name: string) => {
    const value = target?.closest(`[${name}]`)?.getAttribute(name);
    return value === null || value === undefined ? undefined : Number(value);
  };
  return { row: numberOf('data-row'), column: numberOf('data-column') };
}
