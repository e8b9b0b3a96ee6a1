import { decodeApdu, encodeApdu } from '../../engine/codec/apdu-codec.ts';
import { fromHex } from '../../engine/codec/hex.ts';
import { hlsReply } from '../../engine/codec/security/hls.ts';
import { protect } from '../../engine/codec/security/protect.ts';
import { unprotect } from '../../engine/codec/security/unprotect.ts';
import { invokeIdAndPriority } from '../../engine/codec/xdlms/invoke.ts';
import { toMeter } from './requests.ts';
import { GAK, GUARDED_CLIENT, GUEK } from './template.ts';

const KEYS = { guek: fromHex(GUEK), gak: fromHex(GAK) };
const CHALLENGE = fromHex('0102030405060708');
/** Counters begin above those of any earlier run of the bench against the same server. */
let nextTitle = Math.floor(Date.now() / 1000) % 0x1000000;

/** One ciphered association of the bench: what has to be sent next, and whether an answer is right. */
export class GuardedAssociation {
  readonly #title: Uint8Array;
  #serverTitle: Uint8Array | undefined;
  #counter = 1;

  constructor() {
    nextTitle += 1;
    this.#title = Uint8Array.of(0x42, 0x4e, 0x43, 0, 0, nextTitle >> 16, (nextTitle >> 8) & 0xff, nextTitle & 0xff);
  }

  aarq(): Uint8Array {
    const initiate = fromHex('01000000065f1f0400001e1d04c8');
    const decoded = decodeApdu(this.#protect(initiate));
    if (!decoded.ok || decoded.value.kind !== 'glo-initiate-request') throw new Error('no glo-initiate-request');
    return toMeter(
      GUARDED_CLIENT,
      encodeApdu({
        kind: 'aarq',
        applicationContext: 'ln-ciphered',
        callingApTitle: this.#title,
        acseRequirements: Uint8Array.of(0x07, 0x80),
        mechanism: 'hls-gmac',
        authValue: { form: 'charstring', octets: CHALLENGE },
        userInformation: decoded.value,
      }),
    );
  }

  /** Pass 3, from the AARE. Undefined if the meter did not ask for it. */
  reply(aare: Uint8Array): Uint8Array | undefined {
    const decoded = decodeApdu(aare);
    if (!decoded.ok || decoded.value.kind !== 'aare' || decoded.value.result !== 'accepted') return undefined;
    const { respondingApTitle, authValue } = decoded.value;
    if (authValue === undefined) return undefined;
    this.#serverTitle = respondingApTitle;
    const input = { challenge: authValue.octets, systemTitle: this.#title, invocationCounter: this.#counter++ };
    const reply = hlsReply('hls-gmac', { ...input, ...KEYS });
    return toMeter(
      GUARDED_CLIENT,
      this.#protect(
        encodeApdu({
          kind: 'action-request',
          type: 'normal',
          invoke: invokeIdAndPriority(1),
          method: { class: 15, obis: '0-0:40.0.0.255', index: 1 },
          params: { t: 'octet-string', v: reply },
        }),
      ),
    );
  }

  /** A request, ciphered. */
  request(apdu: Uint8Array): Uint8Array {
    return toMeter(GUARDED_CLIENT, this.#protect(apdu));
  }

  /** The answer in clear; undefined if its tag is not the meter's. */
  open(octets: Uint8Array): Uint8Array | undefined {
    const decoded = decodeApdu(octets);
    if (!decoded.ok || !('security' in decoded.value) || this.#serverTitle === undefined) return undefined;
    const opened = unprotect(decoded.value, { ...KEYS, systemTitle: this.#serverTitle });
    return opened.ok && opened.verified ? opened.plain : undefined;
  }

  #protect(apdu: Uint8Array): Uint8Array {
    return protect(apdu, {
      service: 'glo',
      suite: 0,
      authenticated: true,
      encrypted: true,
      systemTitle: this.#title,
      keys: KEYS,
      invocationCounter: this.#counter++,
    });
  }
}
