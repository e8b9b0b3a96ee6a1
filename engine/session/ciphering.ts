import type { Aarq, Undecodable } from '../codec/acse/types.ts';
import type { Apdu } from '../codec/apdu.ts';
import { decodeApdu, encodeApdu } from '../codec/apdu-codec.ts';
import { sameOctets } from '../codec/octets.ts';
import type { CodecError } from '../codec/result.ts';
import { isSignedBy } from '../codec/security/sign.ts';
import type {
  CipheredApdu,
  GeneralCiphering,
  GeneralSigning,
  KeyRing,
  ProtectedApdu,
} from '../codec/security/types.ts';
import { unprotect } from '../codec/security/unprotect.ts';
import { buildInitiateRequest } from './aarq.ts';
import { malformed, missing, SessionError } from './errors.ts';
import { InvocationCounters, type SentCounter } from './invocation-counters.ts';
import { cipherOwn, type OwnProtection, signOwn } from './own-protection.ts';
import type { ClientParams } from './params.ts';
import type { SessionSecrets } from './secrets.ts';

const KEY_LENGTHS = { 0: 16, 1: 16, 2: 32 } as const;
const NO_TITLE = new Uint8Array(0);

/** Counters an association uses. Both may be those of many associations, and outlive the process. */
export interface AssociationCounters {
  readonly sent: InvocationCounters;
  readonly received: InvocationCounters;
}

/** A deciphered APDU, or what is wrong with it: for traces and as the error of the session. */
export type Opened =
  | {
      readonly ok: true;
      readonly plain: Uint8Array;
      /** Set when the APDU has less protection than the association: an error, unless it is a notification. */
      readonly lessProtected?: SessionError;
    }
  | { readonly ok: false; readonly error: CodecError; readonly failure: SessionError };

type Refusal = Extract<Opened, { readonly ok: false }>;

/** What was found around an APDU, layer by layer. */
interface Layers {
  authenticated: boolean;
  encrypted: boolean;
  signed: boolean;
  /** Invocation counter to be judged when all layers are known to be genuine. */
  counter?: { readonly key: Uint8Array; readonly sender: Uint8Array; readonly value: number };
}

/** One ciphered and one signed layer, in either order. */
const MAX_LAYERS = 2;
const TRANSACTION_ID_LENGTH = 8;

/**
 * Keys, counters and titles of one association: puts protection on what goes out and takes it off what comes in
 * (GB 9.2.7.2.4). All protected APDUs and the GMAC of HLS have counters in one sequence; received counters only grow.
 */
export class Ciphering {
  /** Of this association only; goes out inside of the ciphered InitiateRequest. */
  readonly dedicatedKey: Uint8Array | null;
  /** From the AARE; general-ciphering APDUs bring their own. */
  serverTitle: Uint8Array | undefined;
  readonly #params: ClientParams;
  readonly #random: (length: number) => Uint8Array;
  readonly #counters: AssociationCounters;
  readonly #keys: KeyRing;
  /** Transaction-id of what was sent last; its answer has the same. Empty where nothing sent carries one. */
  #transactionId: Uint8Array = NO_TITLE;
  /** What was sent last was signed, so its answer is. The InitiateRequest and the HLS passes are not. */
  #awaitsSignature = false;
  #sent: SentCounter | undefined;
  #active = false;
  #general = false;

  constructor(params: ClientParams, random: (length: number) => Uint8Array, counters?: AssociationCounters) {
    this.#params = params;
    this.#random = random;
    this.serverTitle = params.serverTitle;
    this.#counters = counters ?? { sent: new InvocationCounters(), received: new InvocationCounters() };
    const dedicated = params.dedicatedKey === true && params.protection !== 'none';
    this.dedicatedKey = dedicated ? random(KEY_LENGTHS[params.suite]) : null;
    this.#keys = keyRing(params.secrets, this.dedicatedKey);
  }

  static isProtected(apdu: Apdu | Undecodable): apdu is ProtectedApdu {
    return 'security' in apdu || apdu.kind === 'general-signing';
  }

  /** True once services have to be protected. */
  get active(): boolean {
    return this.#active;
  }

  /** From now on services are protected, in the general form where it was negotiated (conformance bit 1). */
  activate(conformance: ReadonlySet<string>): void {
    this.#active = this.#params.protection !== 'none';
    this.#general = conformance.has('general-protection');
  }

  /**
   * Next invocation counter. The dedicated key shares the sequence of the global one: each counter is new for either
   * key, and meters that keep one counter for both are content. Throws SessionError `limit` when the key is used up,
   * `counter-store`, `secret-missing`.
   */
  nextCounter(): number {
    if (this.#sent === undefined) {
      const { guek, systemTitle } = this.#params.secrets;
      if (guek === undefined) throw missing('guek', 'encryption key');
      this.#sent = this.#counters.sent.sent(guek, systemTitle ?? NO_TITLE);
      this.#sent.atLeast(this.#params.invocationCounter);
    }
    return this.#sent.next();
  }

  /** Protects a service request. `specific` keeps the service-specific form, as peers expect it for the HLS passes. */
  protect(plain: Uint8Array, specific = false): Uint8Array {
    const signed = this.#params.signed === true && !specific;
    const own = this.#own(signed);
    const general = (this.#general && !specific) || signed;
    this.#awaitsSignature = signed;
    const dedicated = this.dedicatedKey !== null;
    const form = general ? (dedicated ? 'general-ded' : 'general-glo') : dedicated ? 'ded' : 'glo';
    return cipherOwn(signed ? signOwn(plain, own) : plain, own, form);
  }

  /**
   * Protects what answers a protected notification, in the general form: it has no other. The answer awaited meanwhile
   * is still that to the last request.
   */
  protectConfirmation(plain: Uint8Array): Uint8Array {
    const transactionId = this.#transactionId;
    const form = this.dedicatedKey === null ? 'general-glo' : 'general-ded';
    const octets = cipherOwn(plain, this.#own(false), form);
    this.#transactionId = transactionId;
    return octets;
  }

  /** The AARQ with its InitiateRequest ciphered under the global key (GB 9.4.1). */
  protectAarq(aarq: Aarq): Aarq {
    const information = aarq.userInformation;
    if (information?.kind !== 'initiate-request') return aarq;
    return { ...aarq, userInformation: this.#protectInitiate(encodeApdu(information)) };
  }

  /** The ciphered InitiateRequest an RLRQ repeats. */
  protectRelease(): ProtectedApdu {
    return this.#protectInitiate(encodeApdu(buildInitiateRequest(this.#params, null)));
  }

  /**
   * Takes the protection off what the meter sent and verifies it, layer by layer. Refused are counters that do not grow
   * and transaction-ids of other requests, which are replays. Throws SessionError `counter-store`.
   */
  unprotect(apdu: ProtectedApdu, what: string): Opened {
    const layers: Layers = { authenticated: false, encrypted: false, signed: false };
    let current = apdu;
    for (let count = 1; count <= MAX_LAYERS; count++) {
      const opened =
        current.kind === 'general-signing'
          ? this.#openSigned(current, layers, what)
          : this.#openCiphered(current, layers, what);
      if (!(opened instanceof Uint8Array)) return opened;
      const inner = protectedApduIn(opened);
      if (inner === undefined) return this.#accept(opened, layers, what);
      current = inner;
    }
    return refused('not-decipherable', what, `more than ${MAX_LAYERS} layers of protection`, 'a service', {
      cause: 'the meter protects its answers in a way this client does not know',
      next: 'look at the APDU in the trace',
    });
  }

  #openSigned(apdu: GeneralSigning, layers: Layers, what: string): Uint8Array | Refusal {
    const { peerSigningKey } = this.#keys;
    if (peerSigningKey === undefined) {
      const failure = missing('peerSigningKey', 'public key of the meter for signatures');
      return { ok: false, error: codecError('a signed APDU', 'a public key to verify it with'), failure };
    }
    if (!isSignedBy(apdu, peerSigningKey))
      return refused('not-decipherable', what, 'a signature that does not match', 'the signature of the meter', {
        cause: 'the meter has another key, or the answer was changed on its way',
        next: 'check the public key or the certificate of the meter',
      });
    layers.signed = true;
    return this.#misdirected(apdu, what) ?? apdu.content;
  }

  #openCiphered(apdu: CipheredApdu, layers: Layers, what: string): Uint8Array | Refusal {
    const title = this.serverTitle;
    const opened = unprotect(apdu, { ...this.#keys, ...(title === undefined ? {} : { systemTitle: title }) });
    if (!opened.ok) return { ok: false, error: opened.error, failure: malformed(what, opened.error) };
    layers.authenticated ||= opened.header.authenticated;
    layers.encrypted ||= opened.header.encrypted;
    if (apdu.kind === 'general-ciphering' && isKeyOfOneApdu(apdu)) return this.#misdirected(apdu, what) ?? opened.plain;
    if (opened.key !== undefined)
      layers.counter = { key: opened.key, sender: this.#sender(apdu), value: opened.header.ic };
    return opened.plain;
  }

  /**
   * Where no counter tells a replay, the transaction-id does: it was drawn for our request, and the answer repeats it.
   */
  #misdirected(apdu: GeneralCiphering | GeneralSigning, what: string): Refusal | undefined {
    const { systemTitle } = this.#params.secrets;
    const recipient = apdu.recipientSystemTitle;
    if (recipient.length > 0 && systemTitle !== undefined && !sameOctets(recipient, systemTitle))
      return refused('replayed', what, 'an APDU for another recipient', 'our own system title', OF_ANOTHER);
    if (sameOctets(apdu.transactionId, this.#transactionId)) return undefined;
    return refused('replayed', what, 'the transaction-id of another request', 'that of ours', OF_ANOTHER);
  }

  #accept(plain: Uint8Array, layers: Layers, what: string): Opened {
    const { counter } = layers;
    if (counter !== undefined) {
      const received = this.#counters.received.received(counter.key, counter.sender);
      const { last } = received;
      if (!received.accept(counter.value))
        return refused('replayed', what, `invocation counter ${counter.value}, a replay`, `more than ${last}`, {
          cause: 'an answer was recorded and sent again, or the meter lost its counter',
          next: 'if the meter was replaced or reset, forget its counters; otherwise do not trust this connection',
        });
    }
    const lacking = this.#lacking(layers);
    if (lacking === undefined) return { ok: true, plain };
    const { failure } = refused('less-protected', what, `an APDU without ${lacking}`, 'the protection asked for', {
      cause: 'the meter protects its answers less than it is asked to, or somebody in between took it off',
      next: 'associate with the protection this meter uses, if you know it to be so',
    });
    return { ok: true, plain, lessProtected: failure };
  }

  /** What an answer lacks of the protection of the association. */
  #lacking(layers: Layers): string | undefined {
    const { protection } = this.#params;
    if ((protection === 'auth' || protection === 'authenc') && !layers.authenticated) return 'authentication';
    if ((protection === 'enc' || protection === 'authenc') && !layers.encrypted) return 'encryption';
    return this.#awaitsSignature && !layers.signed ? 'a signature' : undefined;
  }

  #sender(apdu: CipheredApdu): Uint8Array {
    const carried =
      'originatorSystemTitle' in apdu
        ? apdu.originatorSystemTitle
        : 'systemTitle' in apdu
          ? apdu.systemTitle
          : NO_TITLE;
    return carried.length > 0 ? carried : (this.serverTitle ?? NO_TITLE);
  }

  #protectInitiate(plain: Uint8Array): ProtectedApdu {
    const decoded = decodeApdu(cipherOwn(plain, this.#own(false), 'glo'));
    if (!decoded.ok) throw malformed('own InitiateRequest', decoded.error);
    if (!Ciphering.isProtected(decoded.value))
      throw new TypeError(`a protected InitiateRequest became ${decoded.value.kind}`);
    return decoded.value;
  }

  #own(signed: boolean): OwnProtection {
    const transacting = this.#params.contentKey !== undefined || signed;
    this.#transactionId = transacting ? new Uint8Array(this.#random(TRANSACTION_ID_LENGTH)) : NO_TITLE;
    return {
      params: this.#params,
      keys: this.#keys,
      serverTitle: this.serverTitle,
      transactionId: this.#transactionId,
      random: this.#random,
      nextCounter: () => this.nextCounter(),
    };
  }
}

const OF_ANOTHER = {
  cause: 'an answer to somebody or something else was recorded and sent again',
  next: 'do not trust this connection',
} as const;

/** Keys that were wrapped or agreed on for one APDU: their counters tell nothing. */
function isKeyOfOneApdu(apdu: GeneralCiphering): boolean {
  return apdu.keyInfo?.wrappedKey !== undefined || apdu.keyInfo?.agreedKey !== undefined;
}

/** The protected APDU that octets are, by their tag first: most are services, which are decoded only once. */
function protectedApduIn(octets: Uint8Array): ProtectedApdu | undefined {
  const tag = octets[0] ?? 0;
  if (tag !== GENERAL_SIGNING && !(tag >= GENERAL_GLO_CIPHERING && tag <= GENERAL_CIPHERING)) return undefined;
  const decoded = decodeApdu(octets);
  return decoded.ok && Ciphering.isProtected(decoded.value) ? decoded.value : undefined;
}

const GENERAL_GLO_CIPHERING = 0xdb;
const GENERAL_CIPHERING = 0xdd;
const GENERAL_SIGNING = 0xdf;

function codecError(found: string, expected: string): CodecError {
  return { code: 'not-decipherable', layer: 'security', offset: 0, found, expected };
}

function refused(
  code: 'less-protected' | 'replayed' | 'not-decipherable',
  what: string,
  found: string,
  expected: string,
  advice: { readonly cause: string; readonly next: string },
): Refusal {
  const error = codecError(found, expected);
  const failure = new SessionError(code, `${what}: found ${found}, expected ${expected}`, { ...advice, codec: error });
  return { ok: false, error, failure };
}

/** The keys of the secrets, and the dedicated one. */
function keyRing(secrets: SessionSecrets, dedicatedKey: Uint8Array | null): KeyRing {
  const {
    password: _password,
    systemTitle: _title,
    certificate: _certificate,
    authority: _authority,
    ...keys
  } = secrets;
  return dedicatedKey === null ? keys : { ...keys, dedicatedKey };
}
