import type { Command } from 'commander';
import type { CliIo, ExitCode } from './io.ts';

/** What a command's definition gets: the terminal, and where to leave its exit code. */
export interface CommandContext {
  readonly io: CliIo;
  finish(code: ExitCode): void;
}
/** Adds one command with its options to the program. Its code is loaded when it runs, so that `dlms decode` starts fast. */
export type CommandDefinition = (program: Command, context: CommandContext) => void;
