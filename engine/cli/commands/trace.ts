import type { CommandDefinition } from '../command-definition.ts';

export const traceCommand: CommandDefinition = (program, { io, finish }) => {
  const trace = program
    .command('trace')
    .summary('work with traces of associations')
    .description('Traces are JSON lines with time, direction and hex, or logs of hex with TX and RX.')
    .exitOverride();
  trace
    .command('export')
    .description('Writes a trace, a log or a capture as pcapng for Wireshark, with what we decode as packet comments.')
    .argument('<file>', 'trace, log, pcap or pcapng')
    .requiredOption('--pcapng <file>', 'file to write')
    .option('--keys <file>', 'JSON file with guek, gak, systemTitle as hex, or an array of such objects')
    .copyInheritedSettings(program)
    .exitOverride()
    .action(async (file: string, options: { pcapng: string; keys?: string }) => {
      const { traceExport } = await import('../trace-export.ts');
      finish(await traceExport({ file, ...options }, io));
    });
};
