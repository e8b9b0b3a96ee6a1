import { cipheredTagsOf } from '../../codec/security/ciphered-services.ts';
import { type Curve, drawPrivateKey } from '../../codec/security/curves.ts';
import { protect } from '../../codec/security/protect.ts';
import { type ContentKeySource, protectGeneral } from '../../codec/security/protect-general.ts';
import { signApdu } from '../../codec/security/sign.ts';
import { securitySuite } from '../../codec/security/suites.ts';
import type { GeneralCiphering, KeyRing } from '../../codec/security/types.ts';
import type { SecurityModel } from '../../template/model.ts';
import type { BlueprintAssociation } from '../blueprint.ts';
import { globalKeyName, type VirtualMeter } from '../meter.ts';
import { NOT_DECIPHERABLE } from '../services/errors.ts';
import { staticKeyName } from './content-keys.ts';
import { keyRing } from './keys.ts';
import type { IncomingProtection, ProtectionContext } from './protection.ts';
import { answerProtections } from './protection-policy.ts';

/** Signatures are asked of services only. */
const INITIATE_RESPONSE = 0x08;
const CONFIRMED_SERVICE_ERROR = 0x0e;
const EXCEPTION_RESPONSE = 0xd8;
const TITLE_LENGTH = 8;
const NOTHING = new Uint8Array(0);
/** Octets of the five header fields besides the transaction-id: two titles, two empty fields, lengths. */
const GENERAL_HEADER = 21;
/** Key-info besides the key: presence, choice, parameters, lengths. */
const KEY_INFO = 10;
/** A wrapped key of suite 2. */
const WRAPPED_KEY = 40;

/** Octets protection adds to an answer at most: tags, lengths, SC, IC, authentication tag, header, keys, signature. */
export function protectionOverhead(
  meter: VirtualMeter,
  definition: BlueprintAssociation,
  incoming: IncomingProtection,
): number {
  const { authenticated, encrypted, signed } = answerProtections(meter, definition, incoming);
  const curve = securitySuite(meter.inForce(definition.security)?.suite ?? 0)?.curve;
  const signature = signed ? 10 + GENERAL_HEADER + transactionOf(incoming).length + 2 * (curve?.size ?? 0) : 0;
  if (!authenticated && !encrypted) return signature;
  const service = signature + 1 + 3 + 1 + 4 + (authenticated ? 12 : 0);
  switch (incoming.form?.form) {
    case 'general-ciphering':
      return (
        service + GENERAL_HEADER + incoming.form.request.transactionId.length + keyRoom(incoming.form.request, curve)
      );
    case 'glo':
    case 'ded':
      return signature > 0 ? service + 9 : service;
    default:
      return service + 9;
  }
}

/** What key-info takes at most in an answer to a request: its key is of the same kind (`contentKeyFor`). */
function keyRoom({ keyInfo }: GeneralCiphering, curve: Curve | undefined): number {
  if (keyInfo?.wrappedKey !== undefined) return KEY_INFO + WRAPPED_KEY;
  // An ephemeral public key and its signature: four coordinates.
  return (keyInfo?.agreedKey?.keyCipheredData.length ?? 0) > 0 ? KEY_INFO + 4 * (curve?.size ?? 0) : KEY_INFO;
}

/**
 * Protects an answer in the form its request had: signed first, then ciphered. Exceptions stay plain, since a client
 * that cannot decipher must understand them too.
 */
export function protectAnswer(
  context: ProtectionContext,
  incoming: IncomingProtection,
  answer: Uint8Array,
): Uint8Array {
  const { meter, definition } = context;
  const security = meter.inForce(definition.security);
  const usual = answerProtections(meter, definition, incoming);
  const wanted = context.habits?.encryptedOnly === true && usual.encrypted ? { ...usual, authenticated: false } : usual;
  if (security === undefined || answer[0] === EXCEPTION_RESPONSE || answer[0] === CONFIRMED_SERVICE_ERROR)
    return answer;
  const ring = keyRing(meter, security, context.clientTitle);
  const keys = context.habits?.unknownKey === true ? withUnknownKey(ring) : ring;
  const signed = wanted.signed && answer[0] !== INITIATE_RESPONSE ? sign(context, keys, incoming, answer) : answer;
  if (signed === undefined) return NOT_DECIPHERABLE;
  if (!wanted.authenticated && !wanted.encrypted) return signed;
  const job = { context, security, keys, ...wanted };
  const form = incoming.form ?? { form: 'glo' };
  if (form.form === 'general-ciphering') return cipherGeneral(job, form.request, signed) ?? NOT_DECIPHERABLE;
  return cipher(job, form.form, signed);
}

/** A quirk: an authentication key that is nobody's. */
function withUnknownKey(keys: KeyRing): KeyRing {
  return keys.gak === undefined ? keys : { ...keys, gak: keys.gak.map((octet) => octet ^ 0xff) };
}

interface CipherJob {
  readonly context: ProtectionContext;
  readonly security: SecurityModel;
  readonly keys: KeyRing;
  readonly authenticated: boolean;
  readonly encrypted: boolean;
}

/** Undefined when the meter has no key to sign with. */
function sign(
  context: ProtectionContext,
  keys: KeyRing,
  incoming: IncomingProtection,
  answer: Uint8Array,
): Uint8Array | undefined {
  const { signingKey } = keys;
  if (signingKey === undefined) return undefined;
  return signApdu(answer, {
    signingKey,
    transactionId: transactionOf(incoming),
    originatorSystemTitle: context.meter.systemTitle,
    recipientSystemTitle: incoming.signed?.originatorSystemTitle ?? context.clientTitle ?? NOTHING,
    dateTime: NOTHING,
    otherInformation: NOTHING,
  });
}

/** Transaction-id of the request, by which its answer is known. */
function transactionOf({ signed, form }: IncomingProtection): Uint8Array {
  return signed?.transactionId ?? (form?.form === 'general-ciphering' ? form.request.transactionId : NOTHING);
}

/** Services without a ciphered form of their own, and signed answers, go in the general form of the same key. */
function cipher(job: CipherJob, form: 'glo' | 'ded' | 'general-glo' | 'general-ded', answer: Uint8Array): Uint8Array {
  const { context, security, keys, authenticated, encrypted } = job;
  const { meter, state, now } = context;
  const general = form.startsWith('general-') || cipheredTagsOf(answer[0] ?? -1) === undefined;
  const base = { suite: security.suite, authenticated, encrypted, systemTitle: meter.systemTitle };
  const dedicatedKey = state?.dedicatedKey;
  if ((form === 'ded' || form === 'general-ded') && state !== undefined && dedicatedKey !== undefined) {
    state.dedicatedSent += 1;
    const service = general ? 'general-ded' : 'ded';
    return protect(answer, {
      ...base,
      service,
      keys: { ...keys, dedicatedKey },
      invocationCounter: state.dedicatedSent,
    });
  }
  const invocationCounter = meter.nextSent(globalKeyName(security.name), now);
  return protect(answer, { ...base, service: general ? 'general-glo' : 'glo', keys, invocationCounter });
}

/** In general-ciphering the answer gets its key the way the request did. Undefined when a key for that is missing. */
function cipherGeneral(job: CipherJob, request: GeneralCiphering, answer: Uint8Array): Uint8Array | undefined {
  const { context, security, keys, authenticated, encrypted } = job;
  const { meter, clientTitle, now } = context;
  const contentKey = contentKeyFor(job, request);
  const carried = request.originatorSystemTitle;
  const recipientSystemTitle = carried.length > 0 ? carried : (clientTitle ?? NOTHING);
  if (contentKey === undefined) return undefined;
  const agreed = contentKey.kind === 'one-pass' || contentKey.kind === 'static';
  if (agreed && recipientSystemTitle.length !== TITLE_LENGTH) return undefined;
  return protectGeneral(answer, {
    suite: security.suite,
    authenticated,
    encrypted,
    systemTitle: meter.systemTitle,
    keys,
    contentKey,
    invocationCounter: counterFor(job, contentKey, request.transactionId, now),
    transactionId: request.transactionId,
    recipientSystemTitle,
    dateTime: NOTHING,
    otherInformation: NOTHING,
  });
}

function contentKeyFor(
  { context, security, keys }: CipherJob,
  request: GeneralCiphering,
): ContentKeySource | undefined {
  const suite = securitySuite(security.suite);
  const { wrappedKey, agreedKey } = request.keyInfo ?? {};
  if (wrappedKey !== undefined) {
    if (keys.kek === undefined || suite === undefined) return undefined;
    return { kind: 'wrapped', key: new Uint8Array(context.random(suite.keyLength)) };
  }
  if (agreedKey === undefined) return { kind: 'identified', key: 'unicast' };
  if (keys.peerAgreementKey === undefined || suite?.curve === undefined) return undefined;
  if (agreedKey.keyCipheredData.length === 0) return { kind: 'static' };
  if (keys.signingKey === undefined) return undefined;
  return { kind: 'one-pass', ephemeralKey: drawPrivateKey(suite.curve, context.random) };
}

/** Keys made for this answer begin at 0; that of C(0e, 2s) is the same for every answer with this transaction-id. */
function counterFor(job: CipherJob, source: ContentKeySource, transactionId: Uint8Array, now: number): number {
  const { context, security } = job;
  const { meter } = context;
  if (source.kind === 'identified') return meter.nextSent(globalKeyName(security.name), now);
  if (source.kind !== 'static') return 0;
  return meter.contentKeys.next(staticKeyName(security.name, meter.systemTitle, transactionId));
}
