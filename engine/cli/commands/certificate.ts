import { Option } from 'commander';
import type { AuthorityOptions, IssueOptions, RequestOptions } from '../certificate.ts';
import type { CommandDefinition } from '../command-definition.ts';

export const certificateCommand: CommandDefinition = (program, { io, finish }) => {
  const certificate = program
    .command('certificate')
    .summary('certificates and requests in files')
    .description('Makes and shows certificates of DLMS/COSEM without a meter. Authorities made here are for tests.');
  const curve = () => new Option('--curve <curve>', 'P-256 for suite 1, P-384 for suite 2').choices(['P-256', 'P-384']);
  const use = () => new Option('--use <use>', 'what it is for').choices(['digital-signature', 'key-agreement', 'tls']);

  certificate
    .command('create-authority')
    .description('Makes an authority for tests: a private key and a certificate that signs others.')
    .requiredOption('--name <name>', 'its name, e.g. "Test CA"')
    .addOption(curve().default('P-256'))
    .option('--days <n>', 'how long it is valid', '3650')
    .requiredOption('--key <file>', 'new file for its private key, which only its owner can read')
    .requiredOption('--to <file>', 'new file for its certificate')
    .action(async (options: AuthorityOptions) => {
      const { createAuthority } = await import('../certificate.ts');
      finish(createAuthority(options, io));
    });
  certificate
    .command('request')
    .description(
      'Makes a certificate request of a client (PKCS#10). A meter makes its own: dlms security request-certificate.',
    )
    .requiredOption('--title <hex>', 'system title of the client')
    .addOption(use().default('digital-signature'))
    .addOption(curve().default('P-256'))
    .requiredOption('--key <file>', 'its private key; a new file gets a new key, which only its owner can read')
    .requiredOption('--to <file>', 'new file for the request')
    .action(async (options: RequestOptions) => {
      const { requestFor } = await import('../certificate.ts');
      finish(requestFor(options, io));
    });
  certificate
    .command('issue')
    .description('Issues a certificate from a request of a client or a meter.')
    .argument('<request>', 'request, PEM or DER')
    .requiredOption('--authority <file>', 'certificate of the authority')
    .requiredOption('--key <file>', 'private key of the authority')
    .addOption(use().default(undefined, 'what the request asks for'))
    .option('--days <n>', 'how long it is valid', '3650')
    .requiredOption('--to <file>', 'new file for the certificate')
    .action(async (request: string, options: Omit<IssueOptions, 'request'>) => {
      const { issue } = await import('../certificate.ts');
      finish(issue({ request, ...options }, io));
    });
  certificate
    .command('show')
    .description('Shows a certificate or a request in words.')
    .argument('<file>', 'PEM or DER')
    .option('--json', 'print JSON')
    .action(async (file: string, options: { json?: boolean }) => {
      const { show } = await import('../certificate.ts');
      finish(show({ file, ...options }, io));
    });
};
