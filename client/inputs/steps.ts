import * as vscode from 'vscode';

/** The person went back or gave up; caught by `runSteps`. */
class Left extends Error {
  readonly back: boolean;

  constructor(back: boolean) {
    super(back ? 'back' : 'cancelled');
    this.back = back;
  }
}

export interface PickQuestion<I extends vscode.QuickPickItem> {
  readonly placeholder: string;
  readonly items: readonly I[] | Promise<readonly I[]>;
  /** The item to start on. */
  readonly active?: (item: I) => boolean;
}

export interface TextQuestion {
  readonly prompt: string;
  readonly value?: string;
  readonly placeholder?: string;
  readonly password?: boolean;
  /** The reason the text is not taken, or undefined. */
  readonly problem: (text: string) => string | undefined;
}

/** Asks one question of a series, with title, step number and a way back. */
export class Questions {
  readonly #title: string;
  readonly #number: number;
  /** Whether this step asked anything: Back skips steps that did not. */
  asked = false;

  constructor(title: string, number: number) {
    this.#title = title;
    this.#number = number;
  }

  pick<I extends vscode.QuickPickItem>(question: PickQuestion<I>): Promise<I> {
    return this.#quickPick(question, false).then(([item]) => {
      if (item === undefined) throw new Left(false);
      return item;
    });
  }

  /** Several items; at least one. */
  pickMany<I extends vscode.QuickPickItem>(question: PickQuestion<I>): Promise<readonly I[]> {
    return this.#quickPick(question, true);
  }

  async #quickPick<I extends vscode.QuickPickItem>(
    { placeholder, items, active }: PickQuestion<I>,
    many: boolean,
  ): Promise<readonly I[]> {
    const box = vscode.window.createQuickPick<I>();
    box.placeholder = placeholder;
    box.canSelectMany = many;
    box.matchOnDescription = true;
    box.matchOnDetail = true;
    const fill = async () => {
      box.busy = true;
      const all = await items;
      box.items = all;
      const start = active === undefined ? undefined : all.find(active);
      if (start !== undefined) box.activeItems = [start];
      box.busy = false;
    };
    return await this.#answer<readonly I[]>(box, (resolve, reject) => {
      fill().catch(reject);
      box.onDidAccept(() => {
        if (box.selectedItems.length > 0) resolve(box.selectedItems);
      });
    });
  }

  async text({ prompt, value = '', placeholder, password = false, problem }: TextQuestion): Promise<string> {
    const box = vscode.window.createInputBox();
    box.prompt = prompt;
    box.value = value;
    box.placeholder = placeholder;
    box.password = password;
    return await this.#answer<string>(box, (resolve) => {
      const check = () => {
        box.validationMessage = problem(box.value);
        return box.validationMessage === undefined;
      };
      box.onDidChangeValue(check);
      box.onDidAccept(() => {
        if (check()) resolve(box.value);
      });
    });
  }

  async #answer<A>(
    box: vscode.QuickPick<vscode.QuickPickItem> | vscode.InputBox,
    listen: (resolve: (answer: A) => void, reject: (error: unknown) => void) => void,
  ): Promise<A> {
    this.asked = true;
    box.title = this.#title;
    box.step = this.#number;
    box.ignoreFocusOut = true;
    box.buttons = this.#number > 1 ? [vscode.QuickInputButtons.Back] : [];
    try {
      return await new Promise<A>((resolve, reject) => {
        box.onDidTriggerButton(() => reject(new Left(true)));
        box.onDidHide(() => reject(new Left(false)));
        listen(resolve, reject);
        box.show();
      });
    } finally {
      box.dispose();
    }
  }
}

/** One step: from what is known so far to what is known after it. It may ask nothing. */
export type Step<S> = (state: S, questions: Questions) => Promise<S>;

/** Runs the steps in order; Back returns to the last one that asked. Undefined when the person gave up. */
export async function runSteps<S>(title: string, start: S, steps: readonly Step<S>[]): Promise<S | undefined> {
  const answered: { readonly at: number; readonly before: S }[] = [];
  let state = start;
  let at = 0;
  while (at < steps.length) {
    const step = steps[at];
    if (step === undefined) break;
    const questions = new Questions(title, answered.length + 1);
    try {
      const next = await step(state, questions);
      if (questions.asked) answered.push({ at, before: state });
      state = next;
      at += 1;
    } catch (error) {
      if (!(error instanceof Left)) throw error;
      const last = error.back ? answered.pop() : undefined;
      if (last === undefined) return undefined;
      state = last.before;
      at = last.at;
    }
  }
  return state;
}
