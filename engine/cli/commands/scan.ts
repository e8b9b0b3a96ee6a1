import type { CommandDefinition } from '../command-definition.ts';
import { databaseDefault } from '../defaults.ts';
import { integerOption } from '../integer-option.ts';
import type { ScanCommand } from '../scan.ts';

type Options = Omit<ScanCommand, 'targets' | 'db'> & { readonly db: string | false };

export const scanCommand: CommandDefinition = (program, { io, finish }) => {
  program
    .command('scan')
    .summary('find meters and say what they are')
    .description(
      'Finds open ports, associates as public client, reads the object list, and tells vendor, model, referencing, authentication and suite. Read-only: no password is ever tried.',
    )
    .argument('<targets...>', 'addresses, blocks (127.0.0.0/24), ranges (127.0.0.1-127.0.0.9) or host names')
    .option('--ports <list>', 'ports and ranges, separated by commas', '4059')
    .option('--exclude <targets...>', 'addresses, blocks or ranges to leave out')
    .option('--rate <n>', 'connection attempts a second at most; 0 = no limit', integerOption(0, 1_000_000))
    .option('--timeout <ms>', 'milliseconds to wait for an answer', integerOption(1, 600_000))
    .option('--concurrency <n>', 'meters looked at at once', integerOption(1, 4096))
    .option('--db <file>', 'SQLite file for findings and evidence', databaseDefault)
    .option('--no-db', 'keep nothing')
    .option('--yes-public', 'allow addresses outside of loopback and private ranges')
    .option('--json', 'print one JSON document at the end')
    .option('--jsonl', 'print one JSON event a line while it runs')
    .action(async (targets: string[], { db, ...options }: Options) => {
      const { runScan } = await import('../scan.ts');
      finish(await runScan({ targets, ...options, ...(db === false ? {} : { db }) }, io));
    });
};
