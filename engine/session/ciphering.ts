import type { Aarq, Undecodable } from '../codec/acse/types.ts';
import type { Apdu } from '../codec/apdu.ts';
import { decodeApdu, encodeApdu } from '../codec/apdu-codec.ts';
import { type ProtectOptions, protect } from '../codec/security/protect.ts';
import type { KeyRing, ProtectedApdu } from '../codec/security/types.ts';
import { type Unprotected, unprotect } from '../codec/security/unprotect.ts';
import { buildInitiateRequest } from './aarq.ts';
import { malformed, SessionError } from './errors.ts';
import type { ClientParams } from './params.ts';

const COUNTER_LIMIT = 0xffffffff;
const KEY_LENGTHS = { 0: 16, 1: 16, 2: 32 } as const;

/**
 * Keys, counters and titles of one association: puts protection on what goes out and takes it off what comes in
 * (GB 9.2.7.2.4). One invocation counter for all protected APDUs and the GMAC of HLS; received counters only grow.
 */
export class Ciphering {
  /** Of this association only; goes out inside of the ciphered InitiateRequest. */
  readonly dedicatedKey: Uint8Array | null;
  /** From the AARE; general-ciphering APDUs bring their own. */
  serverTitle: Uint8Array | undefined;
  readonly #params: ClientParams;
  #counter: number;
  #lastReceived = -1;
  #active = false;
  #general = false;

  constructor(params: ClientParams, random: (length: number) => Uint8Array) {
    this.#params = params;
    this.#counter = params.invocationCounter;
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

  /** Next invocation counter. Throws SessionError `limit` when the key is used up. */
  nextCounter(): number {
    if (this.#counter > COUNTER_LIMIT)
      throw new SessionError('limit', 'the invocation counter is used up', {
        next: 'the key of the meter has to be replaced',
      });
    return this.#counter++;
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

  /** Deciphers what the meter sent. A counter that does not grow is a replay and refused. */
  unprotect(apdu: ProtectedApdu): Unprotected {
    const { secrets } = this.#params;
    const opened = unprotect(apdu, {
      ...keyRing(secrets.guek, secrets.gak),
      ...(this.dedicatedKey === null ? {} : { dedicatedKey: this.dedicatedKey }),
      ...(this.serverTitle === undefined ? {} : { systemTitle: this.serverTitle }),
    });
    if (!opened.ok) return opened;
    const { ic } = opened.header;
    if (ic <= this.#lastReceived)
      return {
        ok: false,
        error: {
          code: 'not-decipherable',
          layer: 'security',
          offset: 0,
          found: `invocation counter ${ic}, a replay`,
          expected: `more than ${this.#lastReceived}`,
        },
      };
    this.#lastReceived = ic;
    return opened;
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

function keyRing(guek: Uint8Array | undefined, gak: Uint8Array | undefined): KeyRing {
  return { ...(guek === undefined ? {} : { guek }), ...(gak === undefined ? {} : { gak }) };
}

/** Error for a secret that is needed and was not given. */
export function missing(name: string, what: string): SessionError {
  return new SessionError('secret-missing', `${name} (${what}) is missing`, { next: `give ${name} with the keys` });
}
