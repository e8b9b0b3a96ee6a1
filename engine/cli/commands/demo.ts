import type { CommandDefinition } from '../command-definition.ts';
import { defaultApiPort } from '../defaults.ts';
import { integerOption } from '../integer-option.ts';

export const demoCommand: CommandDefinition = (program, { io, finish }) => {
  program
    .command('demo')
    .summary('a fleet of sample meters, a scan of it, and REST')
    .description(
      'Starts the demo fleet of samples/, scans it over TCP, prints and stores the meters, and leaves REST running.',
    )
    .option('--once', 'stop after the table')
    .option('--db <file>', 'SQLite file for findings and evidence', 'dlms-demo.sqlite')
    .option('--port <n>', 'port of REST', integerOption(1, 65_535), defaultApiPort)
    .action(async (options: { once?: true; db: string; port: number }) => {
      const { demo } = await import('../demo.ts');
      finish(await demo(options, io));
    });
};
