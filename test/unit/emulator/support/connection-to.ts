import type { Mechanism } from '../../../../engine/codec/acse/types.ts';
import type { VirtualMeter } from '../../../../engine/meter/meter.ts';
import { physicalAddress } from '../../../../engine/meter/physical-address.ts';
import { secretName } from '../../../../engine/meter/secrets.ts';
import type { AuthenticationName } from '../../../../engine/session/authentication.ts';
import type { Connection } from '../../../../engine/session/connection.ts';
import type { Protection } from '../../../../engine/session/params.ts';
import type { AssociationModel, SecretReference, SecurityModel } from '../../../../engine/template/model.ts';

const AUTHENTICATION: Readonly<Partial<Record<Mechanism, AuthenticationName>>> = {
  lowest: 'none',
  lls: 'lls',
  'hls-md5': 'md5',
  'hls-sha1': 'sha1',
  'hls-gmac': 'gmac',
  'hls-sha256': 'sha256',
};

/** Where a meter listens. */
export interface Place {
  readonly host: string;
  readonly port: number;
  /** Name of the transport; default the first one. */
  readonly transport?: string;
}

/** What a policy asks of requests; both where it asks for nothing. */
function protectionOf(security: SecurityModel | undefined): Protection {
  const authenticates = security?.policy.includes('authenticated-request') === true;
  return security?.policy.includes('encrypted-request') === true && !authenticates ? 'enc' : 'authenc';
}

/** What a client has to know to hold an association of a sample meter; `keys` are the public ones beside it. */
export function connectionTo(
  meter: VirtualMeter,
  association: AssociationModel,
  { host, port, transport }: Place,
  keys: Readonly<Record<string, string>>,
): Connection {
  const { model } = meter;
  const way = model.transports.find(({ name }) => name === transport) ?? model.transports[0];
  const framing = way?.framing ?? 'wrapper';
  const value = (reference: SecretReference | undefined): string => (reference && keys[secretName(reference)]) ?? '';
  const security = model.securities.find(({ name }) => name === association.security);
  return {
    host,
    port,
    ...(way?.kind === 'udp' ? { transport: 'udp' } : {}),
    framing,
    referencing: association.context,
    client: association.clientSap,
    server: association.serverSap,
    ...(framing === 'hdlc' ? { hdlc: { addressBytes: model.hdlc.addressBytes, lower: physicalAddress(meter) } } : {}),
    authentication: AUTHENTICATION[association.mechanism] ?? 'none',
    security: association.ciphering ? protectionOf(security) : 'none',
    suite: security?.suite ?? 0,
    secrets: {
      ...(association.secret === undefined ? {} : { password: value(association.secret) }),
      ...(security === undefined
        ? {}
        : { guek: value(security.globalUnicastKey), gak: value(security.authenticationKey) }),
    },
    timeoutMs: 3000,
  };
}
