import { processIo } from './io.ts';
import { runCli } from './program.ts';

const io = processIo();
runCli(process.argv.slice(2), io).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    io.err(`dlms: this is a fault of the program, please report it with the command you gave.\n${describe(error)}\n`);
    process.exitCode = 1;
  },
);

function describe(error: unknown): string {
  return error instanceof Error ? (error.stack ?? error.message) : String(error);
}
