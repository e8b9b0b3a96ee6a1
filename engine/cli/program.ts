import { Command, CommanderError } from 'commander';
import packageJson from '../../package.json' with { type: 'json' };
import type { CommandContext, CommandDefinition } from './command-definition.ts';
import { certificateCommand } from './commands/certificate.ts';
import { decodeCommand, encodeCommand } from './commands/decode.ts';
import { demoCommand } from './commands/demo.ts';
import { emulateCommand } from './commands/emulate.ts';
import { emulatorCommand } from './commands/emulator.ts';
import { compileCommand, lintCommand } from './commands/lint.ts';
import { listenCommand } from './commands/listen.ts';
import { pcapCommand } from './commands/pcap.ts';
import { portsCommand } from './commands/ports.ts';
import { readCommand } from './commands/read.ts';
import { scanCommand } from './commands/scan.ts';
import { securityCommand } from './commands/security.ts';
import { serveCommand } from './commands/serve.ts';
import { traceCommand } from './commands/trace.ts';
import { executeCommand, writeCommand } from './commands/write.ts';
import { type CliIo, type ExitCode, exitCodes } from './io.ts';

const commands: readonly CommandDefinition[] = [
  decodeCommand,
  encodeCommand,
  pcapCommand,
  traceCommand,
  emulateCommand,
  emulatorCommand,
  scanCommand,
  readCommand,
  writeCommand,
  executeCommand,
  securityCommand,
  certificateCommand,
  listenCommand,
  portsCommand,
  lintCommand,
  compileCommand,
  serveCommand,
  demoCommand,
];

/** Runs `dlms` with the arguments behind its name. */
export async function runCli(args: readonly string[], io: CliIo): Promise<ExitCode> {
  let exitCode: ExitCode = exitCodes.ok;
  const program = new Command('dlms')
    .description('Author, emulate, scan, read, trace and fingerprint DLMS/COSEM meters.')
    .version(packageJson.version, '-V, --version')
    .showHelpAfterError('(use --help to see what this command takes)')
    .exitOverride()
    .configureOutput({ writeOut: (text) => io.out(text), writeErr: (text) => io.err(text) })
    .addHelpText('after', '\nExit codes: 0 ok, 1 findings or failed, 2 wrong usage.');
  const context: CommandContext = {
    io,
    finish: (code) => {
      exitCode = code;
    },
  };
  for (const add of commands) add(program, context);
  for (const command of program.commands) command.exitOverride().copyInheritedSettings(program);
  try {
    await program.parseAsync([...args], { from: 'user' });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    // Help and version end the parse too, with 0; whatever else is refused is wrong usage.
    return error.exitCode === 0 ? exitCodes.ok : exitCodes.usage;
  }
  return exitCode;
}
