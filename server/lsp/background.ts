import type { Connection } from 'vscode-languageserver/node';

/**
 * Lets something run beside the answers. If it fails the log says so: a client that refuses a registration or has gone
 * away must not take the server down.
 */
export function inBackground(connection: Connection, work: Promise<unknown>): void {
  work.catch((error: unknown) => {
    connection.console.warn(textOf(error));
  });
}

/** An error for the log. */
export function textOf(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
