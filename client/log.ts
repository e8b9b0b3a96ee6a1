/** What modules that know nothing of VS Code log to; a `LogOutputChannel` is one. */
export interface Log {
  info(message: string): void;
  warn(message: string): void;
  error(message: string): void;
}
