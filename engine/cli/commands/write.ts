import type { CommandDefinition } from '../command-definition.ts';
import type { WriteOptions } from '../write.ts';
import { addConnectionOptions } from './connection-options.ts';
import { METER_ARGUMENT } from './way-options.ts';

type Given = Omit<WriteOptions, 'meter' | 'item' | 'value'>;

export const writeCommand: CommandDefinition = (program, { io, finish }) => {
  addConnectionOptions(
    program
      .command('write')
      .summary('write one attribute of a meter')
      .description('Shows what would be written, and writes it with --yes.')
      .argument('<meter>', METER_ARGUMENT)
      .argument('<item>', 'OBIS code and attribute, e.g. 0-0:96.1.1.255:2')
      .argument('<value>', 'number, true, text, hex:..., text:..., a time, or JSON {"t":...,"v":...}')
      .option('--type <type>', 'Data type of the value; default that of the present one')
      .option('--yes', 'write it'),
  ).action(async (meter: string, item: string, value: string, options: Given) => {
    const { write } = await import('../write.ts');
    finish(await write({ meter, item, value, ...options }, io));
  });
};

export const executeCommand: CommandDefinition = (program, { io, finish }) => {
  addConnectionOptions(
    program
      .command('execute')
      .summary('invoke one method of a meter')
      .description('Shows which method would be invoked, and invokes it with --yes.')
      .argument('<meter>', METER_ARGUMENT)
      .argument('<item>', 'OBIS code and method, e.g. 0-0:96.3.10.255:1')
      .argument('[value]', 'parameter, as for write; default integer 0')
      .option('--type <type>', 'Data type of the parameter', 'integer')
      .option('--yes', 'invoke it'),
  ).action(async (meter: string, item: string, value: string | undefined, options: Given) => {
    const { execute } = await import('../write.ts');
    finish(await execute({ meter, item, ...(value === undefined ? {} : { value }), ...options }, io));
  });
};
