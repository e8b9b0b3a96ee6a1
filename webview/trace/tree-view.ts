import { element, icon } from '../dom.ts';
import type { FieldNode } from '../messages.ts';
import { VirtualList } from '../table/virtual-list.ts';
import { ancestors, type FieldTree, fieldTree, nodeAt, openAtFirst, type TreeNode, visible } from './field-tree.ts';

const rowHeight = 22;
/** Pixels of one level of depth. */
const indent = 14;

/** The fields of an APDU after the ARIA tree pattern: one tab stop, arrows move and fold, every row knows its octets. */
export class TreeView {
  readonly element: HTMLElement;
  readonly #body: HTMLElement;
  readonly #list: VirtualList;
  readonly #onSelect: (field: FieldNode) => void;
  #tree: FieldTree = { nodes: [] };
  #expanded = new Set<number>();
  #rows: readonly TreeNode[] = [];
  #selected: number | undefined;

  /** `onSelect` is called when the person selects, not when `selectOctet` does. */
  constructor(label: string, onSelect: (field: FieldNode) => void) {
    this.#onSelect = onSelect;
    this.#body = element('div', { class: 'tree-body', role: 'presentation' });
    this.element = element('div', { class: 'tree', role: 'tree', tabindex: 0, 'aria-label': label }, this.#body);
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

  show(fields: readonly FieldNode[]): void {
    this.#tree = fieldTree(fields);
    this.#expanded = openAtFirst(this.#tree);
    this.#selected = undefined;
    this.element.scrollTop = 0;
    this.#refresh();
  }

  /** Selects the smallest element that covers the octet and opens the way to it; returns it. */
  selectOctet(offset: number): FieldNode | undefined {
    const node = nodeAt(this.#tree, offset);
    this.#selected = node?.id;
    if (node !== undefined) for (const above of ancestors(this.#tree, node.id)) this.#expanded.add(above);
    this.#refresh();
    this.#reveal();
    return node?.field;
  }

  #refresh(): void {
    this.#rows = visible(this.#tree, this.#expanded);
    this.#list.setCount(this.#rows.length);
    this.#markActive();
  }

  #row(index: number): HTMLElement {
    const node = this.#rows[index];
    if (node === undefined) return element('div');
    const { field, depth, children, id, position, siblings } = node;
    const folded = !this.#expanded.has(id);
    const selected = id === this.#selected;
    const twisty =
      children.length === 0
        ? element('span', { class: 'twisty' })
        : icon(folded ? 'chevron-right' : 'chevron-down', 'twisty');
    const made = element(
      'div',
      {
        role: 'treeitem',
        id: `field-${id}`,
        class: `tree-row${selected ? ' selected' : ''}`,
        'aria-level': depth + 1,
        'aria-posinset': position,
        'aria-setsize': siblings,
        'aria-expanded': children.length === 0 ? undefined : String(!folded),
        'aria-selected': String(selected),
        'data-node': id,
        title: tipOf(field),
        'aria-description': field.explanation,
      },
      twisty,
      element('span', { class: 'field-name' }, field.name),
      field.value === undefined ? undefined : element('span', { class: 'field-value' }, field.value),
      element('span', { class: 'field-range' }, rangeOf(field)),
    );
    made.style.paddingInlineStart = `${4 + depth * indent}px`;
    return made;
  }

  #select(id: number | undefined): void {
    const field = id === undefined ? undefined : this.#tree.nodes[id]?.field;
    this.#selected = id;
    this.#list.refresh();
    this.#reveal();
    this.#markActive();
    if (field !== undefined) this.#onSelect(field);
  }

  #reveal(): void {
    this.#list.reveal(this.#rows.findIndex(({ id }) => id === this.#selected));
  }

  #markActive(): void {
    if (this.#selected === undefined) this.element.removeAttribute('aria-activedescendant');
    else this.element.setAttribute('aria-activedescendant', `field-${this.#selected}`);
  }

  #fold(id: number, folded: boolean): void {
    if (folded) this.#expanded.delete(id);
    else this.#expanded.add(id);
    this.#refresh();
  }

  #onFocus(): void {
    // A click selects by itself; drawing the rows anew under the pointer would lose it.
    if (!this.element.matches(':focus-visible')) return;
    const first = this.#rows[0];
    if (this.#selected === undefined && first !== undefined) this.#select(first.id);
  }

  #onClick(event: MouseEvent): void {
    const target = event.target instanceof Element ? event.target : undefined;
    const id = Number(target?.closest('[data-node]')?.getAttribute('data-node') ?? Number.NaN);
    const node = this.#tree.nodes[id];
    if (node === undefined) return;
    if (target?.classList.contains('twisty') === true && node.children.length > 0)
      this.#fold(id, this.#expanded.has(id));
    else this.#select(id);
  }

  #onKey(event: KeyboardEvent): void {
    const at = this.#rows.findIndex(({ id }) => id === this.#selected);
    const node = this.#rows[at];
    const go = (index: number) => this.#select(this.#rows[Math.min(Math.max(0, index), this.#rows.length - 1)]?.id);
    const moves: Readonly<Record<string, () => void>> = {
      ArrowDown: () => go(at + 1),
      ArrowUp: () => go(at - 1),
      PageDown: () => go(at + this.#list.page),
      PageUp: () => go(at - this.#list.page),
      Home: () => go(0),
      End: () => go(this.#rows.length - 1),
      ArrowRight: () => {
        if (node === undefined || node.children.length === 0) return;
        if (this.#expanded.has(node.id)) go(at + 1);
        else this.#fold(node.id, false);
      },
      ArrowLeft: () => {
        if (node === undefined) return;
        if (this.#expanded.has(node.id) && node.children.length > 0) this.#fold(node.id, true);
        else if (node.parent !== undefined) this.#select(node.parent);
      },
    };
    const move = moves[event.key];
    if (move === undefined || event.altKey || event.ctrlKey || event.metaKey) return;
    event.preventDefault();
    move();
  }
}

function rangeOf({ from, to }: FieldNode): string {
  return to - from === 1 ? String(from) : `${from}–${Math.max(from, to - 1)}`;
}

function tipOf({ name, value, clause, explanation, from, to }: FieldNode): string {
  const octets = `octets ${from} to ${Math.max(from, to - 1)} (${to - from})`;
  return [value === undefined ? name : `${name}: ${value}`, explanation, octets, clause].filter(Boolean).join('\n');
}
