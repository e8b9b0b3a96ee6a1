import { octetToHex } from '../hex.ts';
import type { Reader } from '../reader.ts';

/**
 * Steps through the components of an ACSE APDU and judges their order. Components have rising tags; the order is that
 * of the tag numbers without class and construction bits.
 */
export class ComponentOrder {
  #last = -1;

  /** To be called before each component is read. */
  next(r: Reader): number {
    const tag = r.peek();
    const number = tag & 0x1f;
    if (number <= this.#last) {
      r.deviate('acse-component-order', `component ${octetToHex(tag)} out of order or repeated`, 'bad-tag');
    } else this.#last = number;
    return tag;
  }
}

/** Steps over a component that has no meaning in this APDU. */
export function skipComponent(r: Reader): void {
  const tag = octetToHex(r.peek());
  r.deviate('acse-component-unknown', `component ${tag} has no meaning here`, 'bad-tag');
  r.begin(`component ${tag}`);
  r.tag('tag', 'unknown');
  r.octetString('content');
  r.close();
}
