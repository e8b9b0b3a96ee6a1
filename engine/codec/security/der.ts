/** One element of DER with its place in the octets it was read from. */
export interface DerElement {
  readonly tag: number;
  readonly content: Uint8Array;
  /** The whole element: tag, length and content. */
  readonly octets: Uint8Array;
  /** Octets of the whole element. */
  readonly length: number;
}

const LONG_FORM = 0x80;
/** Lengths of certificates fit into two octets; longer ones are nothing this reader is for. */
const MAX_LENGTH_OCTETS = 3;
/** Children read of one element. */
const MAX_CHILDREN = 64;

/** The element at the beginning of octets with a tag of one octet; undefined when there is none. Never throws. */
export function readDer(octets: Uint8Array): DerElement | undefined {
  const [tag, first] = octets;
  if (tag === undefined || first === undefined) return undefined;
  let at = 2;
  let length = first;
  if (first >= LONG_FORM) {
    const count = first - LONG_FORM;
    if (count === 0 || count > MAX_LENGTH_OCTETS) return undefined;
    length = 0;
    for (const octet of octets.subarray(at, at + count)) length = length * 256 + octet;
    at += count;
  }
  if (at + length > octets.length) return undefined;
  const end = at + length;
  return { tag, content: octets.subarray(at, end), octets: octets.subarray(0, end), length: end };
}

/** Elements inside of a constructed element, up to the first that cannot be read. */
export function derChildren(element: DerElement | undefined): readonly DerElement[] {
  const children: DerElement[] = [];
  let rest = derContent(element);
  while (rest.length > 0 && children.length < MAX_CHILDREN) {
    const child = readDer(rest);
    if (child === undefined) break;
    children.push(child);
    rest = rest.subarray(child.length);
  }
  return children;
}

export function derContent(element: DerElement | undefined): Uint8Array {
  return element?.content ?? new Uint8Array(0);
}
