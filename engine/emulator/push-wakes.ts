/** Something to be done at a simulated time. Taken out by `cancelled`; the heap drops it when it comes up. */
export interface Wake {
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly act: () => void;
  cancelled: boolean;
}

/** Wakes in the order of their times: a binary heap, one for all meters. */
export class WakeHeap {
  readonly #wakes: Wake[] = [];

  get size(): number {
    return this.#wakes.length;
  }

  /** The earliest that was not cancelled. */
  peek(): Wake | undefined {
    while (this.#wakes[0]?.cancelled === true) this.#remove();
    return this.#wakes[0];
  }

  add(wake: Wake): void {
    const wakes = this.#wakes;
    let at = wakes.push(wake) - 1;
    while (at > 0) {
      const above = (at - 1) >> 1;
      const parent = wakes[above];
      if (parent === undefined || parent.at <= wake.at) break;
      wakes[at] = parent;
      at = above;
    }
    wakes[at] = wake;
  }

  /** Takes out the earliest if it is due. */
  take(now: number): Wake | undefined {
    const first = this.peek();
    if (first === undefined || first.at > now) return undefined;
    this.#remove();
    return first;
  }

  clear(): void {
    this.#wakes.length = 0;
  }

  #remove(): void {
    const wakes = this.#wakes;
    const last = wakes.pop();
    if (last === undefined || wakes.length === 0) return;
    let at = 0;
    for (;;) {
      const left = 2 * at + 1;
      const right = wakes[left + 1];
      const below = right !== undefined && right.at < (wakes[left]?.at ?? 0) ? left + 1 : left;
      const child = wakes[below];
      if (child === undefined || child.at >= last.at) break;
      wakes[at] = child;
      at = below;
    }
    wakes[at] = last;
  }
}
