import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { MAX_DATA_DEPTH } from '../axdr/data-types.ts';
import type { XmlElement } from './xml-element.ts';
import { placeInText, type XmlErrorCode, XmlFailure } from './xml-failure.ts';

/** Longest text accepted, in characters. */
export const MAX_XML_INPUT = 16 * 1024 * 1024;
/** Most elements accepted: a little more than a value of 65,535 octets can have, several times over. */
export const MAX_XML_ELEMENTS = 250_000;
/** Deepest nesting accepted: Data as deep as the codec takes it, and the elements around it. */
export const MAX_XML_DEPTH = MAX_DATA_DEPTH + 16;

const ATTRIBUTES = ':@';
const TEXT = '#text';
const metaData = XMLParser.getMetaDataSymbol();

/** A node as the parser gives it with `preserveOrder`: one member for the name, one for the attributes. */
type ParsedNode = Readonly<Record<string | symbol, unknown>>;

/**
 * The root element of a text. Entities are never expanded and document types refused, so that a small text cannot grow.
 * Throws XmlFailure.
 */
export function parseXml(text: string): XmlElement {
  checkLimits(text);
  checkWellFormed(text);
  const deep = elementBelow(text, MAX_XML_DEPTH);
  if (deep !== undefined) fail(text, deep, 'limit', `elements nested deeper than ${MAX_XML_DEPTH}`, 'fewer levels');
  const [root, second] = elementsOf(parsed(text));
  if (root === undefined) fail(text, 0, 'not-well-formed', 'no element', 'an APDU or Data in XML');
  if (second !== undefined) fail(text, second.at, 'not-well-formed', `a second root ${second.name}`, 'one element');
  return root;
}

/** Names that would reach into objects of the program are refused by the parser with an Error. */
function parsed(text: string): readonly unknown[] {
  const parser = new XMLParser({
    preserveOrder: true,
    ignoreAttributes: false,
    attributeNamePrefix: '',
    removeNSPrefix: true,
    parseTagValue: false,
    trimValues: true,
    processEntities: false,
    ignoreDeclaration: true,
    ignorePiTags: true,
    captureMetaData: true,
    maxNestedTags: MAX_XML_DEPTH + 1,
    jPath: false,
  });
  try {
    const nodes: unknown = parser.parse(text);
    return Array.isArray(nodes) ? nodes : [];
  } catch (error) {
    if (!(error instanceof Error)) throw error;
    return fail(text, 0, 'forbidden', error.message, 'elements of APDUs and Data');
  }
}

function checkWellFormed(text: string): void {
  const valid = XMLValidator.validate(text);
  if (valid === true) return;
  const { code, msg, line, col } = valid.err;
  // Elements left open at the end are reported by the validator at the first character.
  if (code === 'InvalidXml' && line === 1 && col === 1 && text.includes('<')) {
    fail(text, text.length, 'not-well-formed', 'the end of the text', 'the closing tags of all elements');
  }
  const place = { line: line || 1, column: col || 1, path: '' };
  throw new XmlFailure({
    code: 'not-well-formed',
    found: msg.replace(/\.$/, ''),
    expected: 'well-formed XML',
    ...place,
  });
}

function checkLimits(text: string): void {
  if (text.length > MAX_XML_INPUT) {
    fail(text, MAX_XML_INPUT, 'limit', `a text of ${text.length} characters`, `at most ${MAX_XML_INPUT}`);
  }
  const forbidden = text.search(/<!(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)/i);
  if (forbidden >= 0) fail(text, forbidden, 'forbidden', 'a document type or entity', 'elements and comments only');
  let elements = 0;
  for (let at = text.indexOf('<'); at >= 0; at = text.indexOf('<', at + 1)) {
    if (text[at + 1] === '/' || text[at + 1] === '!') continue;
    if (++elements > MAX_XML_ELEMENTS) {
      fail(text, at, 'limit', `more than ${MAX_XML_ELEMENTS} elements`, `at most ${MAX_XML_ELEMENTS}`);
    }
  }
}

/** Comments, CDATA and processing instructions as wholes, and tags with what closes them. */
const MARKUP = /<!--[\s\S]*?-->|<!\[CDATA\[[\s\S]*?\]\]>|<\?[\s\S]*?\?>|<(\/?)(?:[^<>"']|"[^"]*"|'[^']*')*>/g;

/** Index of the first element nested deeper than `depth` in a well-formed text. */
function elementBelow(text: string, depth: number): number | undefined {
  let open = 0;
  for (const match of text.matchAll(MARKUP)) {
    if (match[1] === undefined || match[0].endsWith('/>')) continue;
    open += match[1] === '/' ? -1 : 1;
    if (open > depth) return match.index;
  }
  return undefined;
}

function elementsOf(nodes: readonly unknown[]): XmlElement[] {
  return nodes.filter(isNode).flatMap((node) => {
    const name = Object.keys(node).find((key) => key !== ATTRIBUTES);
    const inside = name === undefined ? undefined : node[name];
    if (name === undefined || name === TEXT || !Array.isArray(inside)) return [];
    const text = inside.filter(isNode).map((child) => (typeof child[TEXT] === 'string' ? child[TEXT] : ''));
    const attributes = attributesOf(node[ATTRIBUTES]);
    return [{ name, attributes, children: elementsOf(inside), text: text.join('').trim(), at: startOf(node) }];
  });
}

function isNode(node: unknown): node is ParsedNode {
  return typeof node === 'object' && node !== null;
}

function attributesOf(attributes: unknown): Readonly<Record<string, string>> {
  if (!isNode(attributes)) return {};
  return Object.fromEntries(Object.entries(attributes).map(([name, value]) => [name, String(value)]));
}

function startOf(node: ParsedNode): number {
  const meta = isNode(node) ? node[metaData as symbol] : undefined;
  return isNode(meta) && typeof meta.startIndex === 'number' ? meta.startIndex : 0;
}

function fail(text: string, at: number, code: XmlErrorCode, found: string, expected: string): never {
  throw new XmlFailure({ code, found, expected, ...placeInText(text, at), path: '' });
}
