import type { CommandDefinition } from '../command-definition.ts';
import type { EmulateCommand } from '../emulate.ts';
import { integerOption } from '../integer-option.ts';

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
      'HOST:PORT, HOST:PORT-PORT, a block such as 127.1.0.0/16:4059 with an address for each meter, or serial:PATH for one meter on a serial port',
    )
    .option('--seed <n>', 'the same seed gives the same values', integerOption(0, 0xffff_ffff))
    .option('--keys <file>', 'JSON file: secret name to hex:.., text:.. or env:NAME')
    .option('--json', 'print one JSON document instead of the table')
    .action(async (files: string[], options: Omit<EmulateCommand, 'files'>) => {
      const { emulate } = await import('../emulate.ts');
      finish(await emulate({ files, ...options }, io));
    });
};
