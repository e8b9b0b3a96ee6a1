import type { XmlElement } from './xml-element.ts';
import { placeInText, XmlFailure } from './xml-failure.ts';

/** Elements that translators put around an APDU: what carried it, or a list of messages. */
const FRAMES: ReadonlySet<string> = new Set([
  'messages',
  'pdu',
  'hdlc',
  'wrapper',
  'wiredmbus',
  'xdlms-apdu',
  'acse-apdu',
]);
/** What else stands in them. */
const FRAME_PARTS: ReadonlySet<string> = new Set(['targetaddress', 'sourceaddress', 'frametype']);

/**
 * The element of the APDU or Data inside of elements for frames, whose addresses are passed over: XML of the field
 * stands for the APDU, and what carries it is for the link to say. Throws XmlFailure.
 */
export function withoutFrames(root: XmlElement, text: string): XmlElement {
  let element = root;
  while (FRAMES.has(element.name.toLowerCase())) {
    const [inside, ...more] = element.children.filter(({ name }) => !FRAME_PARTS.has(name.toLowerCase()));
    const wrong = more[0] ?? (inside === undefined ? element : undefined);
    if (wrong !== undefined) {
      const found = inside === undefined ? `no APDU in ${element.name}` : `another ${wrong.name} in ${element.name}`;
      const place = placeInText(text, wrong.at);
      throw new XmlFailure({ code: 'unknown-element', found, expected: 'one APDU', ...place, path: element.name });
    }
    if (inside !== undefined) element = inside;
  }
  return element;
}
