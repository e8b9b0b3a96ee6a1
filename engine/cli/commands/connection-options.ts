import { type Command, Option } from 'commander';
import { addWayOptions } from './way-options.ts';

/** Options of every command that opens an association: the way to the meter, as whom, and with which protection. */
export function addConnectionOptions(command: Command): Command {
  command
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
    .addOption(
      new Option('--content-key <kind>', 'general-ciphering, and how its key comes about').choices([
        'identified',
        'wrapped',
        'one-pass',
        'static',
      ]),
    )
    .option('--meter-title <hex>', 'system title of the meter, which agreed keys are made with')
    .option('--sign', 'sign services before they are ciphered')
    .option(
      '--keys <file>',
      'JSON file with password, guek, gak, kek, systemTitle, for signatures signingKey, peerSigningKey, certificate, authority, for key agreement agreementKey, peerAgreementKey; a value env:NAME is taken from the environment, file:PATH from a file',
    )
    .option('--counters <file>', 'keep invocation counters in a file, so that none is used or accepted twice')
    .option(
      '--counter-object <obis>',
      'object with the invocation counter the meter expects, which the public client reads: default 0-0:43.1.0.255',
    )
    .option(
      '--propose <bits>',
      'conformance bits to propose beside the usual ones, with commas between: access, general-block-transfer, ...',
    )
    .option('--timeout <ms>', 'milliseconds to wait for an answer')
    .option('--json', 'print JSON');
  return addWayOptions(command);
}
