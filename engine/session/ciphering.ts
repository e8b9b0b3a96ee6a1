import type { Aarq, Undecodable } from '../codec/acse/types.ts';
import type { Apdu } from '../codec/apdu.ts';
import { decodeApdu, encodeApdu } from '../codec/apdu-codec.ts';
import type { CodecError } from '../codec/result.ts';
import { type ProtectOptions, protect } from '../codec/security/protect.ts';
import type { KeyRing, ProtectedApdu, SecurityHeader } from '../codec/security/types.ts';
import { type Unprotected, unprotect } from '../codec/security/unprotect.ts';
import { buildInitiateRequest } from './aarq.ts';
import { malformed, missing, SessionError } from './errors.ts';
import { InvocationCounters, type SentCounter } from './invocation-counters.ts';
import type { ClientParams } from './params.ts';

const KEY_LENGTHS = { 0: 16, 1: 16, 2: 32 } as const;
const NO_TITLE = new Uint8Array(0);

/** Counters an association uses. Both may be those of many associations, and outlive the process. */
export interface AssociationCounters {
  readonly sent: InvocationCounters;
  readonly received: InvocationCounters;
}

/** A deciphered APDU, or what is wrong with it: for traces and as the error of the session. */
export type Opened =
  | Extract<Unprotected, { readonly ok: true }>
  | { readonly ok: false; readonly error: CodecError; readonly failure: SessionError };

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
  readonly #counters: AssociationCounters;
  #sent: SentCounter | undefined;
  #active = false;
  #general = false;

  constructor(params: ClientParams, random: (length: number) => Uint8Array, counters?: AssociationCounters) {
    this.#params = params;
    this.#counters = counters ?? { sent: new InvocationCounters(), received: new InvocationCounters() };
    const dedicated = params.dedicatedKey === true && params.protection !== 'none';
    this.dedicatedKey = dedicated ? random(KEY_LENGTHS[params.suite]) : null;
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
    const dedicated = this.dedicatedKey !== null;
    const service =
      this.#general && !specific ? (dedicated ? 'general-ded' : 'general-glo') : dedicated ? 'ded' : 'glo';
    return protect(plain, { ...this.#options(), service });
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
   * Deciphers what the meter sent. Refused are counters that do not grow, which are replays, and less protection than
   * the association has, which somebody in between could have taken off. Throws SessionError `counter-store`.
   */
  unprotect(apdu: ProtectedApdu, what: string): Opened {
    const { secrets } = this.#params;
    const opened = unprotect(apdu, {
      ...keyRing(secrets.guek, secrets.gak),
      ...(this.dedicatedKey === null ? {} : { dedicatedKey: this.dedicatedKey }),
      ...(this.serverTitle === undefined ? {} : { systemTitle: this.serverTitle }),
    });
    if (!opened.ok) return { ok: false, error: opened.error, failure: malformed(what, opened.error) };
    const lacking = this.#lacking(opened.header);
    if (lacking !== undefined)
      return refused('less-protected', what, `a header without ${lacking}`, 'the protection of the association', {
        cause: 'the meter protects its answers less than it is asked to, or somebody in between took it off',
        next: 'associate with the protection this meter uses, if you know it to be so',
      });
    if (opened.key === undefined) return opened;
    const received = this.#counters.received.received(opened.key, this.#sender(apdu));
    const { last } = received;
    if (received.accept(opened.header.ic)) return opened;
    return refused('replayed', what, `invocation counter ${opened.header.ic}, a replay`, `more than ${last}`, {
      cause: 'an answer was recorded and sent again, or the meter lost its counter',
      next: 'if the meter was replaced or reset, forget its counters; otherwise do not trust this connection',
    });
  }

  /** What a header lacks of the protection of the association. */
  #lacking(header: SecurityHeader): string | undefined {
    const { protection } = this.#params;
    if ((protection === 'auth' || protection === 'authenc') && !header.authenticated) return 'authentication';
    return (protection === 'enc' || protection === 'authenc') && !header.encrypted ? 'encryption' : undefined;
  }

  #sender(apdu: ProtectedApdu): Uint8Array {
    const carried =
      'originatorSystemTitle' in apdu
        ? apdu.originatorSystemTitle
        : 'systemTitle' in apdu
          ? apdu.systemTitle
          : NO_TITLE;
    return carried.length > 0 ? carried : (this.serverTitle ?? NO_TITLE);
  }

  #protectInitiate(plain: Uint8Array): ProtectedApdu {
    const decoded = decodeApdu(protect(plain, { ...this.#options(), service: 'glo' }));
    if (!decoded.ok) throw malformed('own InitiateRequest', decoded.error);
    if (!Ciphering.isProtected(decoded.value))
      throw new TypeError(`a protected InitiateRequest became ${decoded.value.kind}`);
    return decoded.value;
  }

  #options(): ProtectOptions {
    const { protection, suite, secrets } = this.#params;
    const authenticated = protection === 'auth' || protection === 'authenc';
    if (secrets.guek === undefined) throw missing('guek', 'encryption key');
    if (authenticated && secrets.gak === undefined) throw missing('gak', 'authentication key');
    if (secrets.systemTitle === undefined) throw missing('systemTitle', 'system title of the client');
    return {
      suite,
      authenticated,
      encrypted: protection === 'enc' || protection === 'authenc',
      systemTitle: secrets.systemTitle,
      keys: {
        ...keyRing(secrets.guek, secrets.gak),
        ...(this.dedicatedKey === null ? {} : { dedicatedKey: this.dedicatedKey }),
      },
      invocationCounter: this.nextCounter(),
    };
  }
}

function refused(
  code: 'less-protected' | 'replayed',
  what: string,
  found: string,
  expected: string,
  advice: { readonly cause: string; readonly next: string },
): Opened {
  const error: CodecError = { code: 'not-decipherable', layer: 'security', offset: 0, found, expected };
  const failure = new SessionError(code, `${what}: found ${found}, expected ${expected}`, { ...advice, codec: error });
  return { ok: false, error, failure };
}

function keyRing(guek: Uint8Array | undefined, gak: Uint8Array | undefined): KeyRing {
  return { ...(guek === undefined ? {} : { guek }), ...(gak === undefined ? {} : { gak }) };
}
