import type { Apdu } from '../apdu.ts';
import type { CodecError, Deviation } from '../result.ts';
import { type Revealed, revealApdu } from '../reveal.ts';
import type { KeyRing } from '../security/types.ts';
import type { InitiateRequest } from '../xdlms/types.ts';
import type { DialogueDirection } from './dialogue-types.ts';
import { GeneralBlockJoiner } from './general-block-joiner.ts';

/** An APDU as far as it could be decoded. */
export interface RevealedMessage {
  readonly revealed?: Revealed;
  readonly deviations: readonly Deviation[];
  readonly error?: CodecError;
}

type Titles = { [Direction in DialogueDirection]?: Uint8Array };

/**
 * What is known of a pair of application processes: keys to try, and what their associations say about titles and
 * dedicated keys.
 */
export class PeerContext {
  readonly blocks: Readonly<Record<DialogueDirection, GeneralBlockJoiner>> = {
    tx: new GeneralBlockJoiner(),
    rx: new GeneralBlockJoiner(),
  };
  readonly #keys: readonly KeyRing[];
  readonly #titles: Titles = {};
  #dedicatedKey: Uint8Array | undefined;
  /** Keys that fitted last are tried first. */
  #fitting = 0;

  constructor(keys: readonly KeyRing[]) {
    this.#keys = keys;
  }

  /** Decodes and deciphers an APDU, with each key until one fits, and learns from it. */
  reveal(octets: Uint8Array, direction: DialogueDirection): RevealedMessage {
    const plain = revealApdu(octets, { allowTrailing: true });
    if (!plain.ok) return { deviations: plain.deviations, error: plain.error };
    if (plain.value.apdu.kind === 'aarq') this.#dedicatedKey = undefined;
    this.#learnTitles(plain.value.apdu, direction);
    const opened = hidesSomething(plain.value) ? this.#open(octets, direction) : undefined;
    const message = opened ?? { revealed: plain.value, deviations: plain.deviations };
    if (message.revealed !== undefined) this.#learnDedicatedKey(message.revealed);
    return message;
  }

  #open(octets: Uint8Array, direction: DialogueDirection): RevealedMessage | undefined {
    let error: CodecError | undefined;
    for (const [number, keys] of this.#candidates(direction)) {
      const opened = revealApdu(octets, { keys, allowTrailing: true });
      if (opened.ok && !hidesSomething(opened.value)) {
        this.#fitting = number;
        return { revealed: opened.value, deviations: opened.deviations };
      }
      if (!opened.ok) error ??= opened.error;
    }
    if (error === undefined) return undefined;
    const plain = revealApdu(octets, { allowTrailing: true });
    return plain.ok ? { revealed: plain.value, deviations: plain.deviations, error } : undefined;
  }

  /** Each ring with the title learnt for the sender, and with its own where that is another one. */
  *#candidates(direction: DialogueDirection): Generator<readonly [number, KeyRing]> {
    const learnt = this.#titles[direction];
    for (let i = 0; i < this.#keys.length; i++) {
      const number = (this.#fitting + i) % this.#keys.length;
      const ring = this.#keys[number]!;
      const own = this.#dedicatedKey === undefined ? ring : { ...ring, dedicatedKey: this.#dedicatedKey };
      if (learnt !== undefined) yield [number, { ...own, systemTitle: learnt }];
      if (learnt === undefined || own.systemTitle !== undefined) yield [number, own];
    }
  }

  #learnTitles(apdu: Apdu, direction: DialogueDirection): void {
    const title = titleIn(apdu);
    if (title?.length === 8) this.#titles[direction] = title;
  }

  #learnDedicatedKey(revealed: Revealed): void {
    const request = initiateRequestIn(revealed);
    if (request !== undefined && request.dedicatedKey !== null) this.#dedicatedKey = request.dedicatedKey;
  }
}

/** The service inside of all protection; undefined while something stays hidden. */
export function serviceIn(revealed: Revealed): Apdu | undefined {
  if (revealed.inner !== undefined) return serviceIn(revealed.inner);
  return isProtected(revealed.apdu) ? undefined : revealed.apdu;
}

/** True when a protected APDU, also one in user-information, has not been opened. */
function hidesSomething({ apdu, inner, userInformation }: Revealed): boolean {
  if (inner !== undefined) return hidesSomething(inner);
  if (userInformation !== undefined) return hidesSomething(userInformation);
  const information = 'userInformation' in apdu ? apdu.userInformation : undefined;
  return isProtected(apdu) || (information !== undefined && isProtected(information));
}

function isProtected(apdu: { readonly kind: string }): boolean {
  return 'security' in apdu || apdu.kind === 'general-signing';
}

function titleIn(apdu: Apdu): Uint8Array | undefined {
  switch (apdu.kind) {
    case 'aarq':
      return apdu.callingApTitle;
    case 'aare':
      return apdu.respondingApTitle;
    case 'general-glo-ciphering':
    case 'general-ded-ciphering':
      return apdu.systemTitle;
    case 'general-ciphering':
    case 'general-signing':
      return apdu.originatorSystemTitle;
    default:
      return undefined;
  }
}

function initiateRequestIn({ apdu, userInformation }: Revealed): InitiateRequest | undefined {
  if (apdu.kind !== 'aarq') return undefined;
  const information = userInformation === undefined ? apdu.userInformation : serviceIn(userInformation);
  return information?.kind === 'initiate-request' ? information : undefined;
}
