import type { CliIo } from '../../../engine/cli/io.ts';

export interface FakeIo extends CliIo {
  readonly output: () => string;
  readonly errors: () => string;
}

/** A terminal whose texts are kept. */
export function fakeIo(options: { readonly interactive?: boolean; readonly signal?: AbortSignal } = {}): FakeIo {
  let output = '';
  let errors = '';
  return {
    out: (text) => {
      output += text;
    },
    err: (text) => {
      errors += text;
    },
    interactive: options.interactive ?? false,
    columns: 100,
    signal: options.signal ?? new AbortController().signal,
    output: () => output,
    errors: () => errors,
  };
}
