import { element } from './dom.ts';

/** Screen readers would talk without end if every row were announced. */
const pauseMs = 4_000;

/** Announces the newest of many messages to screen readers, at most one every few seconds. */
export class LiveRegion {
  readonly #region: HTMLElement;
  #waiting: string | undefined;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(parent: HTMLElement) {
    this.#region = element('div', { class: 'visually-hidden', role: 'status', 'aria-live': 'polite' });
    parent.append(this.#region);
  }

  /** Says `message` as soon as the pause since the last one is over; a newer one replaces it while it waits. */
  say(message: string): void {
    this.#waiting = message;
    if (this.#timer !== undefined) return;
    this.#speak();
  }

  #speak(): void {
    if (this.#waiting === undefined) {
      this.#timer = undefined;
      return;
    }
    this.#region.textContent = this.#waiting;
    this.#waiting = undefined;
    this.#timer = setTimeout(() => this.#speak(), pauseMs);
  }
}
