import { element } from '../dom.ts';
import { VirtualList } from '../table/virtual-list.ts';
import { octetRow, octetsPerRow, offsetLabel, printable, rowCount } from './octet-rows.ts';

const rowHeight = 20;

/** Octets in rows of sixteen with their characters; a range can be lit, and one octet is the active one. */
export class HexView {
  readonly element: HTMLElement;
  readonly #body: HTMLElement;
  readonly #list: VirtualList;
  readonly #onSelect: (offset: number) => void;
  #octets = '';
  #lit = { from: 0, to: 0 };
  #fault: number | undefined;
  #active: number | undefined;

  /** `onSelect` is called when the person selects an octet, not when `light` does. */
  constructor(label: string, onSelect: (offset: number) => void) {
    this.#onSelect = onSelect;
    this.#body = element('div', { class: 'hex-body', role: 'rowgroup' });
    this.element = element(
      'div',
      { class: 'hex', role: 'grid', tabindex: 0, 'aria-label': label, 'aria-colcount': octetsPerRow },
      this.#body,
    );
    this.#list = new VirtualList({
      scroller: this.element,
      body: this.#body,
      rowHeight,
      row: (index) => this.#row(index),
    });
    this.element.addEventListener('keydown', (event) => this.#onKey(event));
    this.element.addEventListener('click', (event) => this.#onClick(event));
    this.element.addEventListener('focus', () => this.#onFocus());
  }

  /** Shows these octets; `fault` is the offset of what could not be decoded. */
  show(octets: string, fault?: number): void {
    this.#octets = octets;
    this.#fault = fault;
    this.#active = undefined;
    this.#lit = { from: 0, to: 0 };
    this.element.scrollTop = 0;
    this.element.setAttribute('aria-rowcount', String(rowCount(octets)));
    this.#list.setCount(rowCount(octets));
    this.#markActive();
  }

  /** Lights the octets `[from, to)` and brings the first into sight. */
  light(from: number, to: number): void {
    this.#lit = { from, to };
    if (this.#active === undefined || this.#active < from || this.#active >= to)
      this.#active = from < this.#length ? from : undefined;
    this.#list.refresh();
    this.#list.reveal(Math.floor(Math.max(from, to - 1) / octetsPerRow));
    this.#list.reveal(Math.floor((this.#active ?? from) / octetsPerRow));
    this.#markActive();
  }

  get #length(): number {
    return this.#octets.length / 2;
  }

  #row(index: number): HTMLElement {
    const { offset, octets } = octetRow(this.#octets, index);
    const classOf = (at: number) =>
      [
        'octet',
        at >= this.#lit.from && at < this.#lit.to ? 'lit' : undefined,
        at === this.#active ? 'active' : undefined,
        at === this.#fault ? 'fault' : undefined,
      ]
        .filter(Boolean)
        .join(' ');
    const cells = octets.map((octet, at) =>
      element(
        'span',
        {
          role: 'gridcell',
          id: `octet-${offset + at}`,
          class: classOf(offset + at),
          'aria-colindex': at + 1,
          'aria-selected': String(offset + at >= this.#lit.from && offset + at < this.#lit.to),
          'aria-label': `${octet} at ${offset + at}${offset + at === this.#fault ? ', not decodable' : ''}`,
          'data-octet': offset + at,
        },
        octet,
      ),
    );
    const characters = octets.map((octet, at) =>
      element('span', { class: classOf(offset + at), 'data-octet': offset + at }, printable(octet)),
    );
    return element(
      'div',
      { role: 'row', class: 'hex-row', 'aria-rowindex': index + 1 },
      element('span', { class: 'hex-offset', 'aria-hidden': 'true' }, offsetLabel(offset, this.#length)),
      element('span', { class: 'hex-octets', role: 'presentation' }, ...cells),
      element('span', { class: 'hex-text', 'aria-hidden': 'true' }, ...characters),
    );
  }

  #markActive(): void {
    if (this.#active === undefined) this.element.removeAttribute('aria-activedescendant');
    else this.element.setAttribute('aria-activedescendant', `octet-${this.#active}`);
  }

  #select(offset: number): void {
    if (this.#length === 0) return;
    this.#active = Math.min(Math.max(0, offset), this.#length - 1);
    this.#onSelect(this.#active);
  }

  #onFocus(): void {
    // A click selects by itself; drawing the rows anew under the pointer would lose it.
    if (this.element.matches(':focus-visible') && this.#active === undefined) this.#select(0);
  }

  #onClick(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target.closest('[data-octet]') : null;
    if (target !== null) this.#select(Number(target.getAttribute('data-octet')));
  }

  #onKey(event: KeyboardEvent): void {
    const at = this.#active ?? 0;
    const column = at % octetsPerRow;
    const moves: Readonly<Record<string, number>> = {
      ArrowRight: at + 1,
      ArrowLeft: at - 1,
      ArrowDown: at + octetsPerRow < this.#length ? at + octetsPerRow : at,
      ArrowUp: at >= octetsPerRow ? at - octetsPerRow : at,
      PageDown: Math.min(at + octetsPerRow * this.#list.page, this.#length - 1),
      PageUp: Math.max(at - octetsPerRow * this.#list.page, column),
      Home: event.ctrlKey ? 0 : at - column,
      End: event.ctrlKey ? this.#length - 1 : at - column + octetsPerRow - 1,
    };
    const next = moves[event.key];
    if (next === undefined || event.altKey || event.metaKey) return;
    event.preventDefault();
    this.#select(next);
  }
}
