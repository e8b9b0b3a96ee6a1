import type { Data } from '../codec/axdr/data.ts';
import { toHex } from '../codec/hex.ts';
import {
  type CertificateIdentification,
  type CertificateType,
  certificateIdentificationData,
  type KeyPairId,
  keyPairData,
} from '../codec/security/certificate-data.ts';
import { type CertificateRequestFacts, readCertificateRequest } from '../codec/security/certificate-request.ts';
import {
  type CertificateFacts,
  type CertificateUse,
  certificateProblem,
  readCertificate,
} from '../codec/security/certificates.ts';
import { securitySuite } from '../codec/security/suites.ts';
import type { ClientSession } from './client-session.ts';
import { SessionError } from './errors.ts';
import type { Procedure } from './procedure.ts';
import { invokeSetup, MANAGEMENT_SETUP, type SecuritySetup } from './security-setup.ts';

const GENERATE_KEY_PAIR = 4;
const GENERATE_CERTIFICATE_REQUEST = 5;
const IMPORT_CERTIFICATE = 6;
const EXPORT_CERTIFICATE = 7;
const REMOVE_CERTIFICATE = 8;

const UNKNOWN = 'list the certificates of the setup and name one of them';

/** A certificate as the meter gave it. */
export interface ExportedCertificate {
  readonly facts: CertificateFacts;
  /** Why it is not to be relied on: not valid now, or not issued by the given authority. */
  readonly problem?: { readonly found: string; readonly expected: string };
}

/** A certificate request of the meter, its signature and its title verified. */
export interface MeterCertificateRequest extends CertificateRequestFacts {
  /** PKCS#10 in DER. */
  readonly der: Uint8Array;
}

/** Has the meter make a new key pair. It is used once its certificate was imported. Throws SessionError `service-error`. */
export function* generateKeyPair(
  session: ClientSession,
  pair: KeyPairId,
  setup: SecuritySetup = MANAGEMENT_SETUP,
): Procedure<void> {
  yield* invokeSetup(session, setup, GENERATE_KEY_PAIR, keyPairData(pair), {
    next: 'key pairs belong to security suites 1 and 2: read the suite of the setup',
  });
}

/**
 * Has the meter ask for a certificate of one of its key pairs. Throws SessionError `service-error`, `unexpected-apdu`,
 * and `server-not-authentic` when the request is not signed with its key, or is for another title.
 */
export function* requestCertificate(
  session: ClientSession,
  pair: KeyPairId,
  setup: SecuritySetup = MANAGEMENT_SETUP,
): Procedure<MeterCertificateRequest> {
  const answer = yield* invokeSetup(session, setup, GENERATE_CERTIFICATE_REQUEST, keyPairData(pair), {
    returnsData: true,
    next: `have the meter generate a key pair for ${pair} first`,
  });
  const der = octetsOf(answer, 'generate_certificate_request');
  const read = readCertificateRequest(der);
  if (!read.ok)
    throw new SessionError(
      'server-not-authentic',
      `certificate request: found ${read.found}, expected ${read.expected}`,
      {
        next: 'have no certificate issued from it',
      },
    );
  const { serverTitle } = session.ciphering;
  if (serverTitle !== undefined && !names(read.request, serverTitle))
    throw new SessionError(
      'server-not-authentic',
      `certificate request of ${read.request.subject}, expected CN=${toHex(serverTitle).toUpperCase()}`,
      { next: 'have no certificate issued from it: its title is not that of the meter' },
    );
  return { ...read.request, der };
}

/**
 * Gives a certificate to the meter: its own, that of a client or of an authority, in DER or PEM. Throws SessionError
 * `bad-secret` when it is none or not valid now, `service-error` when the meter refuses it.
 */
export function* importCertificate(
  session: ClientSession,
  certificate: Uint8Array,
  setup: SecuritySetup = MANAGEMENT_SETUP,
): Procedure<CertificateFacts> {
  const read = readCertificate(certificate);
  if (!read.ok)
    throw new SessionError('bad-secret', `certificate: found ${read.found}, expected ${read.expected}`, {
      next: 'give it as PEM or DER',
    });
  const facts = read.certificate;
  const [use = 'digital-signature'] = facts.uses;
  const problem = certificateProblem(facts.der, { use, now: nowOf(session) });
  if (problem !== undefined)
    throw new SessionError('bad-secret', `certificate: found ${problem.found}, expected ${problem.expected}`, {
      next: 'have another one issued, or set the clock',
    });
  const curve = securitySuite(session.params.suite)?.curve;
  if (curve !== undefined && facts.publicKey.length !== 2 * curve.size)
    throw new SessionError('bad-secret', `certificate with a key that is not on ${curve.name}`, {
      next: `have one issued for suite ${session.params.suite}`,
    });
  const data: Data = { t: 'octet-string', v: facts.der };
  yield* invokeSetup(session, setup, IMPORT_CERTIFICATE, data, {
    next: 'the meter takes certificates for its own key pairs, of its suite, valid now, and issued by an authority it knows',
  });
  return facts;
}

/**
 * Fetches a certificate and verifies that it is the one asked for. Throws SessionError `service-error`, `malformed`,
 * `server-not-authentic`.
 */
export function* exportCertificate(
  session: ClientSession,
  wanted: CertificateIdentification,
  setup: SecuritySetup = MANAGEMENT_SETUP,
): Procedure<ExportedCertificate> {
  const answer = yield* invokeSetup(session, setup, EXPORT_CERTIFICATE, certificateIdentificationData(wanted), {
    returnsData: true,
    next: UNKNOWN,
  });
  const read = readCertificate(octetsOf(answer, 'export_certificate'));
  if (!read.ok)
    throw new SessionError('malformed', `export_certificate: found ${read.found}, expected ${read.expected}`);
  const facts = read.certificate;
  if (!isWanted(facts, wanted))
    throw new SessionError(
      'server-not-authentic',
      `export_certificate gave ${facts.subject}, serial number ${facts.serialNumber}, which is not the one asked for`,
      { next: UNKNOWN },
    );
  const { authority } = session.params.secrets;
  const [use = 'digital-signature'] = facts.uses;
  const problem = certificateProblem(facts.der, {
    use,
    now: nowOf(session),
    ...(authority === undefined ? {} : { issuer: authority }),
  });
  return { facts, ...(problem === undefined ? {} : { problem }) };
}

/** Has the meter forget a certificate. Throws SessionError `service-error`. */
export function* removeCertificate(
  session: ClientSession,
  wanted: CertificateIdentification,
  setup: SecuritySetup = MANAGEMENT_SETUP,
): Procedure<void> {
  yield* invokeSetup(session, setup, REMOVE_CERTIFICATE, certificateIdentificationData(wanted), { next: UNKNOWN });
}

/** Uses a type of certificate stands for. */
const TYPE_USES: Readonly<Record<CertificateType, readonly CertificateUse[]>> = {
  'digital-signature': ['digital-signature'],
  'key-agreement': ['key-agreement'],
  tls: [],
  other: [],
};

function isWanted(facts: CertificateFacts, wanted: CertificateIdentification): boolean {
  if (wanted.by === 'serial') return number(facts.serial) === number(wanted.serial);
  const { systemTitle, type } = wanted;
  if (systemTitle.length > 0 && toHex(facts.systemTitle ?? new Uint8Array(0)) !== toHex(systemTitle)) return false;
  return facts.uses.length === 0 || TYPE_USES[type].every((use) => facts.uses.includes(use));
}

/** A serial number without the zeros in front. */
function number(serial: Uint8Array): string {
  return toHex(serial).replace(/^(?:00)+/, '');
}

/** Makers put more into the name than the title. */
function names({ subject }: CertificateRequestFacts, title: Uint8Array): boolean {
  return subject.split(', ').some((part) => part.toUpperCase() === `CN=${toHex(title).toUpperCase()}`);
}

function octetsOf(data: Data | undefined, method: string): Uint8Array {
  if (data?.t === 'octet-string') return data.v;
  throw new SessionError('unexpected-apdu', `${method} returned ${data?.t ?? 'nothing'}, expected octet-string`);
}

function nowOf(session: ClientSession): number {
  const now = session.context.now?.();
  if (now !== undefined) return now;
  throw new SessionError('not-supported', 'the validity of certificates cannot be judged without a clock');
}
