import { Option } from 'commander';
import type { CommandDefinition } from '../command-definition.ts';
import type { PcapCommand } from '../pcap.ts';

export const pcapCommand: CommandDefinition = (program, { io, finish }) => {
  program
    .command('pcap')
    .summary('decode a network capture')
    .description(
      'Reads pcap and pcapng: puts TCP streams, segments and blocks together, deciphers, and shows what was asked and answered on each connection.',
    )
    .argument('<file>', 'pcap or pcapng')
    .option(
      '--keys <file>',
      'JSON file with guek, gak, gbek, dedicatedKey, systemTitle as hex, or an array of such objects; titles are also learnt from the capture',
    )
    .option('--filter <endpoint>', 'only connections with this address, port, or ADDRESS:PORT')
    .option('--messages', 'show every APDU as well')
    .option('--json', 'print JSON')
    .addOption(new Option('--jsonl', 'print one JSON object a line').conflicts('json'))
    .action(async (file: string, options: Omit<PcapCommand, 'file'>) => {
      const { pcap } = await import('../pcap.ts');
      finish(await pcap({ file, ...options }, io));
    });
};
