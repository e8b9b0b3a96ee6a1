import type { CliIo } from '../../../engine/cli/io.ts';

/** A terminal that remembers what was written. */
export function memoryIo(): CliIo & { stdout: string; stderr: string } {
  return {
    stdout: '',
    stderr: '',
    out(text) {
      this.stdout += text;
    },
    err(text) {
      this.stderr += text;
    },
    interactive: false,
    columns: 80,
    signal: new AbortController().signal,
  };
}
