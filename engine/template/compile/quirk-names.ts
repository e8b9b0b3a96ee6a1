/** What `quirks` of a fleet says for a meter without any. */
export const NO_QUIRKS = 'none';

/** Names of quirks in a text such as `wrong_unit, slow`; `none` is nobody's. */
export function quirkNames(text: string): readonly string[] {
  return text.split(/[\s,]+/).filter((name) => name !== '' && name !== NO_QUIRKS);
}
