import { elementScroll, observeElementOffset, observeElementRect, Virtualizer } from '@tanstack/virtual-core';

export interface VirtualListOptions {
  /** The element that scrolls. */
  readonly scroller: HTMLElement;
  /** Inside the scroller: as tall as all rows together; rows are placed in it. */
  readonly body: HTMLElement;
  readonly rowHeight: number;
  /** Height of what stays on top of the scroller, above the body. */
  readonly headHeight?: number;
  /** Makes the element of one row. */
  readonly row: (index: number) => HTMLElement;
}

/**
 * Keeps only the rows in sight in the document. Positions are set through the style object, which a strict
 * Content-Security-Policy allows, never through style attributes.
 */
export class VirtualList {
  readonly #options: VirtualListOptions;
  readonly #virtualizer: Virtualizer<HTMLElement, HTMLElement>;
  #shown = new Map<number, HTMLElement>();

  constructor(options: VirtualListOptions) {
    this.#options = options;
    const { scroller, rowHeight, headHeight = 0 } = options;
    this.#virtualizer = new Virtualizer<HTMLElement, HTMLElement>({
      count: 0,
      getScrollElement: () => scroller,
      estimateSize: () => rowHeight,
      overscan: 12,
      scrollMargin: headHeight,
      scrollPaddingStart: headHeight,
      scrollToFn: elementScroll,
      observeElementRect,
      observeElementOffset,
      onChange: () => this.#render(),
    });
    this.#virtualizer._didMount();
    this.#virtualizer._willUpdate();
  }

  /** Shows `count` rows; every row in sight is made anew. */
  setCount(count: number): void {
    this.#virtualizer.setOptions({ ...this.#virtualizer.options, count });
    this.#virtualizer._willUpdate();
    this.#options.body.style.height = `${count * this.#options.rowHeight}px`;
    this.refresh();
  }

  /** Makes every row in sight anew. */
  refresh(): void {
    for (const row of this.#shown.values()) row.remove();
    this.#shown = new Map();
    this.#render();
  }

  /** The element of a row, when it is in sight. */
  element(index: number): HTMLElement | undefined {
    return this.#shown.get(index);
  }

  /** Scrolls as little as needed to have the row in sight. */
  reveal(index: number): void {
    if (index < 0 || index >= this.#virtualizer.options.count) return;
    this.#virtualizer.scrollToIndex(index, { align: 'auto' });
    this.#render();
  }

  /** How many rows fit, for Page Up and Page Down. */
  get page(): number {
    const { scroller, rowHeight, headHeight = 0 } = this.#options;
    return Math.max(1, Math.floor((scroller.clientHeight - headHeight) / rowHeight) - 1);
  }

  #render(): void {
    const { body, row, headHeight = 0, rowHeight } = this.#options;
    const items = this.#virtualizer.getVirtualItems();
    const wanted = new Set(items.map(({ index }) => index));
    for (const [index, shown] of this.#shown) {
      if (wanted.has(index)) continue;
      shown.remove();
      this.#shown.delete(index);
    }
    // Document order is row order, for screen readers that read along.
    let next = body.firstElementChild;
    for (const { index, start } of items) {
      let shown = this.#shown.get(index);
      if (shown === undefined) {
        shown = row(index);
        shown.style.transform = `translateY(${start - headHeight}px)`;
        shown.style.height = `${rowHeight}px`;
        this.#shown.set(index, shown);
      }
      if (shown === next) next = next.nextElementSibling;
      else body.insertBefore(shown, next);
    }
  }
}
