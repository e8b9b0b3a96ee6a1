import type { ConnectionParams, Endpoint, MeterRow } from '../../engine/rpc/protocol.ts';
import { type Authentication, authenticationOf } from './mechanism.ts';

/** An association a reader can ask for. */
export interface AssociationChoice {
  readonly client: number;
  readonly server: number;
  readonly authentication: Authentication;
  readonly ciphered: boolean;
  /** True when a scan held it. */
  readonly established: boolean;
}

/** What is known about how to talk to a meter, from a scan or from the emulator. */
export interface ConnectionDefaults {
  readonly framing?: 'wrapper' | 'hdlc';
  readonly referencing?: 'LN' | 'SN';
  readonly suite?: 0 | 1 | 2;
  readonly hdlc?: NonNullable<ConnectionParams['hdlc']>;
  /** Upper HDLC address or wPort. */
  readonly server: number;
  readonly associations: readonly AssociationChoice[];
}

/** The public client, which every meter lets in (GB: client SAP 16). */
export const publicClient = 16;

/** Pure. `meter` is the newest finding of a scan, `endpoint` a socket of our own emulator. */
export function connectionDefaults(meter: MeterRow | undefined, endpoint: Endpoint | undefined): ConnectionDefaults {
  const server = meter?.hdlc?.value.upper ?? meter?.associations[0]?.serverSap ?? 1;
  const known = (meter?.associations ?? []).flatMap(({ clientSap, serverSap, mechanism, ciphered, established }) => {
    const authentication = authenticationOf(mechanism);
    return authentication === undefined
      ? []
      : [{ client: clientSap, server: serverSap, authentication, ciphered, established }];
  });
  const open: AssociationChoice = {
    client: publicClient,
    server,
    authentication: 'none',
    ciphered: false,
    established: false,
  };
  const hasOpen = known.some(({ client, authentication }) => client === publicClient && authentication === 'none');
  const framing = meter?.framing?.value ?? endpoint?.framing;
  const hdlc = meter?.hdlc?.value;
  return {
    server,
    associations: hasOpen ? known : [open, ...known],
    ...(framing === undefined ? {} : { framing }),
    ...(meter?.referencing === undefined ? {} : { referencing: meter.referencing.value }),
    ...(meter?.suite === undefined ? {} : { suite: meter.suite.value }),
    ...(hdlc === undefined ? {} : { hdlc: { addressBytes: hdlc.addressBytes, lower: hdlc.lower } }),
  };
}

/** Secrets by what they are for, in the order they are asked for. */
export const secretRoles = [
  'password',
  'guek',
  'gak',
  'kek',
  'signingKey',
  'peerSigningKey',
  'agreementKey',
  'peerAgreementKey',
] as const;
export type SecretRole = (typeof secretRoles)[number];

/** What decides about the secrets of an association. */
export type ProtectionChoice = Pick<ConnectionParams, 'authentication' | 'security' | 'contentKey' | 'signed'>;

const passwordMechanisms: readonly Authentication[] = ['lls', 'md5', 'sha1', 'sha256'];

/** The secrets an association needs, in the order they are asked for. */
export function rolesOf({ authentication, security, contentKey, signed }: ProtectionChoice): readonly SecretRole[] {
  const ciphered = authentication === 'gmac' || security !== 'none';
  const agreed = contentKey === 'one-pass' || contentKey === 'static';
  const signs = authentication === 'ecdsa' || signed === true || contentKey === 'one-pass';
  return [
    ...(passwordMechanisms.includes(authentication) ? (['password'] as const) : []),
    ...(ciphered ? (['guek', 'gak'] as const) : []),
    ...(contentKey === 'wrapped' ? (['kek'] as const) : []),
    ...(signs ? (['signingKey', 'peerSigningKey'] as const) : []),
    ...(agreed ? (['agreementKey', 'peerAgreementKey'] as const) : []),
  ];
}
