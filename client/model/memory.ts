import type * as vscode from 'vscode';

const prefix = 'dlms.last.';
/** Subjects remembered of one kind; the one used longest ago goes first. */
const limit = 100;

type Remembered<T> = readonly (readonly [subject: string, value: T])[];

/**
 * What was chosen last time, as defaults for the next: plain values and names of secrets, never a secret. What comes
 * back may be from an older version: whoever reads it checks what it needs.
 */
export class Memory {
  readonly #state: vscode.Memento;

  constructor(state: vscode.Memento) {
    this.#state = state;
  }

  /** The choice for this subject, e.g. the address of a meter. */
  recall<T>(kind: string, subject: string): T | undefined {
    return this.#all<T>(kind).find(([known]) => known === subject)?.[1];
  }

  async remember<T>(kind: string, subject: string, value: T): Promise<void> {
    const others = this.#all<T>(kind).filter(([known]) => known !== subject);
    await this.#state.update(prefix + kind, [...others, [subject, value]].slice(-limit));
  }

  #all<T>(kind: string): Remembered<T> {
    return this.#state.get<Remembered<T>>(prefix + kind, []);
  }
}
