import type { CommandDefinition } from '../command-definition.ts';
import { databaseDefault, defaultApiPort } from '../defaults.ts';
import { integerOption } from '../integer-option.ts';

export const serveCommand: CommandDefinition = (program, { io, finish }) => {
  program
    .command('serve')
    .summary('REST over what scans found')
    .description('Serves the database and emulators over REST with an OpenAPI description at /docs, on loopback only.')
    .option('--db <file>', 'SQLite file', databaseDefault)
    .option('--host <address>', 'loopback address to listen on', '127.0.0.1')
    .option('--port <n>', 'port', integerOption(1, 65_535), defaultApiPort)
    .option(
      '--keys <file>',
      'JSON file with keys of meters that are started over REST: name to hex:.., text:.. or env:NAME',
    )
    .action(async (options: { db: string; host: string; port: number; keys?: string }) => {
      const { serve } = await import('../serve.ts');
      finish(await serve(options, io));
    });
};
