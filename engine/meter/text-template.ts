import type { TextTemplate } from '../template/model.ts';

const PLACEHOLDER = /\{([a-z_][a-z0-9_]*)(?::(0?)(\d{1,2}))?\}/gi;
/** A property may hold placeholders itself (`{serial}` is `{n:08}`), but not endlessly. */
const MAX_DEPTH = 4;

/**
 * Fills in the placeholders of a text: `{flag}` by a property, `{n:08}` by the number of the meter with at least eight
 * digits. A name nobody knows stays as it is, so that it can be seen.
 */
export function expandText(
  text: TextTemplate,
  property: (name: string) => string | number | undefined,
  depth = 0,
): string {
  return text.replace(PLACEHOLDER, (whole, name: string, zero: string | undefined, width: string | undefined) => {
    const value = property(name);
    if (value === undefined) return whole;
    const filled = typeof value === 'string' && depth < MAX_DEPTH ? expandText(value, property, depth + 1) : `${value}`;
    return width === undefined ? filled : filled.padStart(Number(width), zero === '0' ? '0' : ' ');
  });
}
