import { Option } from 'commander';
import type { CommandDefinition } from '../command-definition.ts';
import type { ReadOptions } from '../read.ts';
import { addWayOptions, METER_ARGUMENT } from './way-options.ts';

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
    .option('--chunk <size>', 'read rows piece by piece: day or month with --from/--to, a number with --entries')
    .addOption(new Option('--referencing <kind>', 'naming of objects').choices(['ln', 'sn']).default('ln'))
    .option('--client <sap>', 'client SAP: default 16 without authentication, otherwise 1')
    .option('--server <sap>', 'server SAP; with HDLC upper/lower, e.g. 1/17', '1')
    .addOption(new Option('--address-bytes <n>', 'width of the HDLC server address').choices(['1', '2', '4']))
    .addOption(
      new Option('--auth <mechanism>', 'authentication')
        .choices(['none', 'lls', 'hls', 'md5', 'sha1', 'gmac', 'sha256', 'ecdsa'])
        .default('none'),
    )
    .addOption(new Option('--suite <n>', 'security suite: default 0, with ecdsa 1').choices(['0', '1', '2']))
    .addOption(
      new Option('--security <protection>', 'protection of every APDU')
        .choices(['none', 'auth', 'enc', 'authenc'])
        .default('none'),
    )
    .option(
      '--keys <file>',
      'JSON file with password, guek, gak, systemTitle, signingKey, peerSigningKey, certificate, authority; a value env:NAME is taken from the environment, file:PATH from a file',
    )
    .option('--counters <file>', 'keep invocation counters in a file, so that none is used or accepted twice')
    .option('--timeout <ms>', 'milliseconds to wait for an answer')
    .option('--json', 'print JSON');
  addWayOptions(command).action(
    async (meter: string, items: string[], options: Omit<ReadOptions, 'meter' | 'items'>) => {
      const { read } = await import('../read.ts');
      finish(await read({ meter, items, ...options }, io));
    },
  );
};
