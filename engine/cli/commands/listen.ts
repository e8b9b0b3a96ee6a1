import type { CommandDefinition } from '../command-definition.ts';
import { integerOption } from '../integer-option.ts';
import type { ListenOptions } from '../listen.ts';

export const listenCommand: CommandDefinition = (program, { io, finish }) => {
  program
    .command('listen')
    .summary('print what meters push')
    .description(
      'Listens for notifications of meters over TCP, UDP or a serial line, in HDLC, M-Bus, the wrapper or bare, and prints their values until Ctrl-C.',
    )
    .argument('[source]', 'serial:PATH, or HOST:PORT of a serial server to connect to; without it meters come here')
    .option('--host <address>', 'address to listen on: default 127.0.0.1, 0.0.0.0 for every interface')
    .option('--port <n>', 'port to listen on: default 4059')
    .option('--udp', 'listen for datagrams instead of connections')
    .option('--baud <speed>', 'speed of a serial port: default 9600, 2400 is usual for consumer interfaces')
    .option('--line <format>', 'character format of a serial port: default 8N1')
    .option('--keys <file>', 'JSON file with guek, gak, gbek and the systemTitle they belong to, or an array of such')
    .option('--count <n>', 'end after so many pushes', integerOption(1, 1_000_000_000))
    .option('--jsonl', 'print one JSON object a line')
    .action(async (source: string | undefined, options: Omit<ListenOptions, 'source'>) => {
      const { listen } = await import('../listen.ts');
      finish(await listen({ ...(source === undefined ? {} : { source }), ...options }, io));
    });
};
