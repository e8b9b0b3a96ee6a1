/**
 * Stable codes of what can be wrong with an APDU in XML.
 * - `not-well-formed`: the text is no XML
 * - `forbidden`: document type declarations and entities, which no APDU needs
 * - `limit`: a stated limit is exceeded (text, elements, depth)
 * - `unknown-element`: an element that has no meaning here
 * - `missing-element`: an element or attribute that must be there is not
 * - `bad-value`: a value that its element cannot hold
 * - `bad-quantity`: `Qty` contradicts the elements inside
 */
export type XmlErrorCode =
  | 'not-well-formed'
  | 'forbidden'
  | 'limit'
  | 'unknown-element'
  | 'missing-element'
  | 'bad-value'
  | 'bad-quantity';

/** What could not be read, and where: line and column from 1, and the elements from the root to the place. */
export interface XmlError {
  readonly code: XmlErrorCode;
  readonly found: string;
  readonly expected: string;
  readonly line: number;
  readonly column: number;
  readonly path: string;
}

/** How the readers of this folder give up. Caught by `parseXml` callers at the boundary, as DecodeFailure is. */
export class XmlFailure {
  readonly error: XmlError;

  constructor(error: XmlError) {
    this.error = error;
  }
}

/** One line for people. */
export function describeXmlError({ code, found, expected, line, column, path }: XmlError): string {
  const where = path === '' ? '' : ` in ${path}`;
  return `xml: ${code} at line ${line}, column ${column}${where}: found ${found}, expected ${expected}`;
}

/** Line and column, from 1, of an index into a text. */
export function placeInText(text: string, index: number): { readonly line: number; readonly column: number } {
  const before = text.slice(0, index);
  const lineStart = Math.max(before.lastIndexOf('\n'), before.lastIndexOf('\r')) + 1;
  return { line: before.split(/\r\n?|\n/).length, column: index - lineStart + 1 };
}
