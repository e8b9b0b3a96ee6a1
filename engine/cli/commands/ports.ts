import type { CommandDefinition } from '../command-definition.ts';

export const portsCommand: CommandDefinition = (program, { io, finish }) => {
  program
    .command('ports')
    .summary('serial ports of this machine')
    .description('Lists the serial ports that dlms read and dlms listen can use as serial:PATH.')
    .option('--json', 'print JSON')
    .action(async (options: { json?: true }) => {
      const { ports } = await import('../ports.ts');
      finish(await ports(options, io));
    });
};
