import { type Command, Option } from 'commander';
import { CERTIFICATE_ENTITIES, CERTIFICATE_TYPES } from '../../codec/security/certificate-data.ts';
import type { CommandDefinition } from '../command-definition.ts';
import type { ChangeOptions, SecurityOptions } from '../with-setup.ts';
import { addConnectionOptions } from './connection-options.ts';
import { METER_ARGUMENT } from './way-options.ts';

type Given<T extends SecurityOptions> = Omit<T, 'meter'>;
const KEY_NAMES = 'names of keys as in key files: guek, gbek, gak, kek; default guek and gak';

export const securityCommand: CommandDefinition = (program, { io, finish }) => {
  const security = program
    .command('security')
    .summary('policy, keys and certificates of a meter')
    .description(
      'Reads and changes the security setup of a meter (class 64). Keys are read from and written to files only.',
    );
  /** A command that opens an association. */
  const overMeter = (parent: Command, name: string, summary: string): Command =>
    addConnectionOptions(
      parent
        .command(name)
        .description(summary)
        .argument('<meter>', METER_ARGUMENT)
        .option('--setup <obis>', 'the security setup: default 0-0:43.0.0.255, or the first one listed'),
    );

  overMeter(security, 'status', 'Shows policy, suite, system titles and certificates.').action(
    async (meter: string, options: Given<SecurityOptions>) => {
      const { securityStatus } = await import('../security.ts');
      finish(await securityStatus({ meter, ...options }, io));
    },
  );
  overMeter(
    security,
    'activate-policy',
    'Shows the stronger policy, and activates it with --yes. It cannot be made weaker again.',
  )
    .argument('<items...>', 'e.g. authenticated-request encrypted-request authenticated-response encrypted-response')
    .option('--yes', 'activate it')
    .action(async (meter: string, items: string[], options: Given<ChangeOptions>) => {
      const { activate } = await import('../security.ts');
      finish(await activate({ meter, items, ...options }, io));
    });
  overMeter(security, 'transfer-keys', 'Gives the meter new keys, wrapped under the master key (kek), with --yes.')
    .argument('[names...]', KEY_NAMES)
    .option('--to <file>', 'draw the keys and write them to a new key file, which only its owner can read')
    .option('--from <file>', 'take the keys from a key file')
    .option('--yes', 'transfer them')
    .action(async (meter: string, names: string[], options: Given<ChangeOptions>) => {
      const { transfer } = await import('../security-keys.ts');
      finish(await transfer({ meter, names, ...options }, io));
    });
  overMeter(security, 'agree-keys', 'Agrees on new keys with the meter (suites 1 and 2), with --yes.')
    .argument('[names...]', KEY_NAMES)
    .requiredOption('--to <file>', 'new key file for them, which only its owner can read')
    .option('--yes', 'agree on them')
    .action(async (meter: string, names: string[], options: Given<ChangeOptions>) => {
      const { agree } = await import('../security-keys.ts');
      finish(await agree({ meter, names, ...options }, io));
    });
  overMeter(security, 'request-certificate', 'Has the meter ask for a certificate of one of its key pairs (PKCS#10).')
    .addOption(
      new Option('--use <use>', 'which key pair')
        .choices(['digital-signature', 'key-agreement', 'tls'])
        .default('digital-signature'),
    )
    .option('--new-key', 'have it generate the key pair first; it is used once its certificate is imported')
    .option('--to <file>', 'new file for the request as PEM: default standard output')
    .action(async (meter: string, options: Given<SecurityOptions> & { use: string }) => {
      const { request } = await import('../security-certificates.ts');
      finish(await request({ meter, ...options }, io));
    });

  const certificates = security.command('certificates').description('Certificates of a meter.');
  const which = (command: Command): Command =>
    command
      .option('--serial <hex>', 'the certificate with this serial number')
      .addOption(new Option('--entity <entity>', 'whose certificate').choices(CERTIFICATE_ENTITIES))
      .addOption(new Option('--type <type>', 'what it is for').choices(CERTIFICATE_TYPES))
      .option('--title <hex>', 'system title of its owner: default that of the meter');
  overMeter(certificates, 'list', 'Lists them.').action(async (meter: string, options: Given<SecurityOptions>) => {
    const { listOf } = await import('../security-certificates.ts');
    finish(await listOf({ meter, ...options }, io));
  });
  which(overMeter(certificates, 'export', 'Fetches one and verifies it.'))
    .option('--to <file>', 'new file for it as PEM: default standard output')
    .action(async (meter: string, options: Given<SecurityOptions>) => {
      const { exportOf } = await import('../security-certificates.ts');
      finish(await exportOf({ meter, ...options }, io));
    });
  overMeter(certificates, 'import', 'Gives one to the meter: its own, of a client or of an authority.')
    .argument('<file>', 'certificate, PEM or DER')
    .action(async (meter: string, file: string, options: Given<SecurityOptions>) => {
      const { importOf } = await import('../security-certificates.ts');
      finish(await importOf({ meter, file, ...options }, io));
    });
  which(overMeter(certificates, 'remove', 'Has the meter forget one, with --yes.'))
    .option('--yes', 'remove it')
    .action(async (meter: string, options: Given<ChangeOptions>) => {
      const { removeOf } = await import('../security-certificates.ts');
      finish(await removeOf({ meter, ...options }, io));
    });
};
