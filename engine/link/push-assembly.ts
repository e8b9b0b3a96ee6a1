import { decodeApdu } from '../codec/apdu-codec.ts';
import { toHex } from '../codec/hex.ts';
import { GeneralBlockJoiner } from '../codec/pcap/general-block-joiner.ts';
import { linkError } from './errors.ts';
import { apdusOf } from './lpdus.ts';
import { MAX_SENDERS, type PushEvent, type PushedApdu } from './push-types.ts';

type Origin = Pick<PushedApdu, 'framing' | 'peer' | 'addresses' | 'deviations'>;

const GENERAL_BLOCK_TRANSFER = 0xe0;

/** From information fields to APDUs: takes off LLC and gateway headers and puts general blocks together, by sender. */
export class PushAssembly {
  readonly #blocks = new Map<string, GeneralBlockJoiner>();

  /** `sender` tells the blocks of one sender from those of others. */
  add(payload: Uint8Array, sender: string, origin: Origin): PushEvent[] {
    return apdusOf(payload).flatMap((apdu) => this.#apdu(apdu, sender, origin));
  }

  #apdu(apdu: Uint8Array, sender: string, origin: Origin): PushEvent[] {
    if (apdu[0] === GENERAL_BLOCK_TRANSFER) return this.#block(apdu, sender, origin);
    const decoded = apdu[0] === 0xe6 || apdu[0] === 0xe7 ? decodeApdu(apdu) : undefined;
    if (decoded?.ok !== true || !('networkId' in decoded.value)) return [{ type: 'apdu', apdu, ...origin }];
    const { networkId, address, apdu: inner } = decoded.value;
    const gateway = { networkId, address: toHex(address) };
    const behind = `${sender} ${networkId} ${gateway.address}`;
    if (inner[0] === GENERAL_BLOCK_TRANSFER) return this.#block(inner, behind, origin, gateway);
    return [{ type: 'apdu', apdu: inner, gateway, ...origin }];
  }

  #block(apdu: Uint8Array, sender: string, origin: Origin, gateway?: PushedApdu['gateway']): PushEvent[] {
    const decoded = decodeApdu(apdu);
    if (!decoded.ok || decoded.value.kind !== 'general-block-transfer') {
      return [
        decoded.ok ? { type: 'apdu', apdu, ...origin } : linkError('broken-frame', 'broken block', decoded.error),
      ];
    }
    const joined = this.#joiner(sender).add(decoded.value);
    if (joined.type === 'waiting') return [];
    this.#blocks.delete(sender);
    if (joined.type === 'limit') return [linkError('limit', 'an APDU in general blocks is too long and was dropped')];
    return [{ type: 'apdu', apdu: joined.octets, ...(gateway === undefined ? {} : { gateway }), ...origin }];
  }

  #joiner(sender: string): GeneralBlockJoiner {
    const known = this.#blocks.get(sender);
    if (known !== undefined) return known;
    const [oldest] = this.#blocks.keys();
    if (oldest !== undefined && this.#blocks.size >= MAX_SENDERS) this.#blocks.delete(oldest);
    const joiner = new GeneralBlockJoiner();
    this.#blocks.set(sender, joiner);
    return joiner;
  }
}
