import type { Apdu } from '../codec/apdu.ts';
import { dialogueOf } from '../codec/pcap/dialogue.ts';
import type { DialogueEvent } from '../codec/pcap/dialogue-types.ts';
import { withoutSecrets } from '../codec/pcap/mask-secrets.ts';
import { serviceIn } from '../codec/pcap/peer-context.ts';
import type { CaptureConnection } from '../codec/pcap/types.ts';
import type { KeyRing } from '../codec/security/types.ts';
import { apduToXml } from '../codec/xml/apdu-xml.ts';
import { DialogueObjects } from '../session/dialogue-objects.ts';
import { dialogueLines, messageText } from '../session/dialogue-text.ts';
import { holdsSecret } from '../session/secret-attributes.ts';

/** Characters of an APDU's XML in a comment; larger ones are cut. */
const MAX_XML = 4000;

/**
 * What our decoding says about the packets of connections, by packet number: the APDUs that they complete, as a line
 * and as XML of the clear APDU, what was asked and answered, and what is wrong. Secrets are masked.
 */
export function packetComments(
  connections: readonly CaptureConnection[],
  keys: readonly KeyRing[],
): ReadonlyMap<number, string> {
  const comments = new Map<number, string>();
  for (const connection of connections) {
    const commenter = new Commenter();
    for (const event of dialogueOf(connection, { keys })) {
      const text = commenter.commentOf(event);
      if (text === '') continue;
      const before = comments.get(event.packet);
      comments.set(event.packet, before === undefined ? text : `${before}\n${text}`);
    }
  }
  return comments;
}

/** Puts the events of one connection into words. */
class Commenter {
  readonly #objects = new DialogueObjects();
  /** The last request was about a password: its answer is not shown. */
  #secret = false;

  commentOf(event: DialogueEvent): string {
    if (event.type === 'exchange') return dialogueLines(event, this.#objects).map(withoutTime).join('\n');
    if (event.type === 'note') return event.text;
    const { revealed, apdu } = event;
    if (revealed === undefined || apdu === undefined) return messageText(event);
    this.#secret = isAboutSecret(apdu) ?? this.#secret;
    const service = this.#secret ? undefined : serviceIn(withoutSecrets(revealed));
    return service === undefined ? messageText(event) : `${messageText(event)}\n${cut(apduToXml(service).trimEnd())}`;
  }
}

/** Whether a request reads or writes a password; undefined for APDUs that name no attribute. */
function isAboutSecret(apdu: Apdu): boolean | undefined {
  if (apdu.kind !== 'get-request' && apdu.kind !== 'set-request') return undefined;
  if ('attr' in apdu) return holdsSecret(apdu.attr);
  return 'list' in apdu ? apdu.list.some(holdsSecret) : undefined;
}

/** Wireshark shows the time of the packet itself. */
function withoutTime(line: string): string {
  return line.replace(/^\S+\s+/, '');
}

function cut(text: string): string {
  return text.length <= MAX_XML ? text : `${text.slice(0, MAX_XML)}\n... (${text.length} characters)`;
}
