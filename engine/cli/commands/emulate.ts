import type { CommandDefinition } from '../command-definition.ts';
import type { EmulateCommand } from '../emulate.ts';
import { integerOption, numberOption } from '../integer-option.ts';

export const emulateCommand: CommandDefinition = (program, { io, finish }) => {
  program
    .command('emulate')
    .summary('put virtual meters on real sockets')
    .description(
      'Starts meters of templates on loopback and keeps them until Ctrl-C. Prints where they listen, then READY.',
    )
    .argument('<files...>', '.dlmsmeter files')
    .option('--fleet <names>', 'fleets of the templates, separated by commas, or all')
    .option('--meter <name>', 'one meter of the templates; default all that can be started')
    .option('--count <n>', 'number of meters, spread evenly over the templates', integerOption(1, 1_000_000))
    .option(
      '--listen <where>',
      'HOST:PORT, HOST:PORT-PORT, a block such as 127.1.0.0/16:4059 with an address for each meter, shared:HOST:PORT for meters behind one address, serial:PATH for a serial port, or pty for a line within this machine',
    )
    .option('--seed <n>', 'the same seed gives the same values', integerOption(0, 0xffff_ffff))
    .option('--keys <file>', 'JSON file: secret name to hex:.., text:.. or env:NAME')
    .option('--time <time>', 'simulated time to begin at, e.g. 2026-01-01T00:00Z')
    .option('--speed <factor>', 'simulated seconds in a second, e.g. 60', numberOption(0.001, 100_000))
    .option('--freeze', 'simulated time stands still')
    .option('--state <file>', 'keep what happens to the meters in this file, and go on from there')
    .option('--control [where]', 'let dlms emulator control it: HOST:PORT on loopback; default a free port')
    .option('--json', 'print one JSON document instead of the table')
    .action(async (files: string[], options: Omit<EmulateCommand, 'files'>) => {
      const { emulate } = await import('../emulate.ts');
      finish(await emulate({ files, ...options }, io));
    });
};
