/** What a command may do with the terminal. Injected, so that tests read what a person would see. */
export interface CliIo {
  /** Results. Machine-readable with `--json`. */
  out(text: string): void;
  /** Progress, hints and errors: never mixed into results. */
  err(text: string): void;
  /** True when a person watches stderr: live progress is drawn there. */
  readonly interactive: boolean;
  /** Columns of the terminal; 80 when unknown. */
  readonly columns: number;
  /** Aborted by Ctrl-C or SIGTERM. */
  readonly signal: AbortSignal;
}

/** Exit codes, stable for scripts. */
export const exitCodes = { ok: 0, failed: 1, usage: 2 } as const;
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

/** The terminal of this process. A second Ctrl-C ends it at once. */
export function processIo(): CliIo {
  const controller = new AbortController();
  const stop = () => {
    if (controller.signal.aborted) process.exit(130);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  return {
    out: (text) => void process.stdout.write(text),
    err: (text) => void process.stderr.write(text),
    interactive: process.stderr.isTTY === true,
    columns: process.stderr.columns ?? 80,
    signal: controller.signal,
  };
}
