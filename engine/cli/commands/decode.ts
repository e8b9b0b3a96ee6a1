import { Option } from 'commander';
import type { CommandDefinition } from '../command-definition.ts';
import { decodeLayers } from '../decode-layers.ts';
import { type EncodeForm, encodeForms } from '../encode-forms.ts';

type Layer = (typeof decodeLayers)[number];

export const decodeCommand: CommandDefinition = (program, { io, finish }) => {
  program
    .command('decode')
    .summary('octets of any layer as a tree or JSON')
    .description(
      'Decodes HDLC, wrapper, M-Bus, LLC, APDUs and Data. Takes hex with spaces, comments and log prefixes, a file, or - for standard input.',
    )
    .argument('[input...]', 'hex, a file with hex, or - (the default)')
    .addOption(new Option('--layer <layer>', 'what the octets begin with').choices(decodeLayers).default('auto'))
    .option('--keys <file>', 'JSON file with guek, gak, gbek, dedicatedKey, systemTitle as hex')
    .option('--strict', 'refuse deviations of the field instead of naming them')
    .option('--json', 'print the value as JSON')
    .addOption(new Option('--xml', 'print the APDUs as XML').conflicts(['json', 'jsonl']))
    .addOption(new Option('--explain', 'say behind each field what it is for').conflicts(['json', 'xml', 'jsonl']))
    .option('--jsonl', 'read requests {"id","layer","hex","keys"?} by line, answer by line')
    .action(
      async (
        input: string[],
        options: { layer: Layer; keys?: string; strict?: true; json?: true; jsonl?: true; explain?: true },
      ) => {
        const { decode } = await import('../decode.ts');
        finish(await decode({ input: input.length === 0 ? '-' : input.join(' '), ...options }, process.stdin, io));
      },
    );
};

export const encodeCommand: CommandDefinition = (program, { io, finish }) => {
  program
    .command('encode')
    .summary('JSON or XML of an APDU, Data or frame as hex')
    .description(
      'The inverse of decode --json and --xml: JSON of an APDU, Data or frames, or XML of an APDU or Data, to hex.',
    )
    .argument('[input]', 'JSON, XML, a file with it, or -', '-')
    .addOption(new Option('--to <form>', 'what to write').choices(encodeForms).default('hex'))
    .action(async (input: string, options: { to: EncodeForm }) => {
      const { encode } = await import('../encode.ts');
      finish(await encode({ input, ...options }, process.stdin, io));
    });
};
