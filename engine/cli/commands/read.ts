import type { CommandDefinition } from '../command-definition.ts';
import type { ReadOptions } from '../read.ts';
import { addConnectionOptions } from './connection-options.ts';
import { METER_ARGUMENT } from './way-options.ts';

export const readCommand: CommandDefinition = (program, { io, finish }) => {
  const command = program
    .command('read')
    .summary('associate with a meter and read it')
    .description('Opens an association and reads attributes; without any, the object list.')
    .argument('<meter>', METER_ARGUMENT)
    .argument('[items...]', 'OBIS code with or without attribute, e.g. 1-0:1.8.0.255 or 1-0:1.8.0.255:3')
    .option('--all', 'read every readable attribute of the object list')
    .option('--from <time>', 'rows of a profile from this time on, e.g. 2026-11-01 or 2026-11-01T05:30, meter time')
    .option('--to <time>', 'rows of a profile up to this time, which is included')
    .option('--entries <range>', 'rows of a profile by position, e.g. 1-10')
    .option('--columns <codes>', 'only these columns of a profile: OBIS codes with commas between')
    .option('--chunk <size>', 'read rows piece by piece: day or month with --from/--to, a number with --entries');
  addConnectionOptions(command).action(
    async (meter: string, items: string[], options: Omit<ReadOptions, 'meter' | 'items'>) => {
      const { read } = await import('../read.ts');
      finish(await read({ meter, items, ...options }, io));
    },
  );
};
