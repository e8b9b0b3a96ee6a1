const SHOWN_CHARACTERS = 60;

/** A value that does not fit, for a message: short, whatever it is. */
export function shownJson(value: unknown): string {
  if (Array.isArray(value)) return value.length === 0 ? '[]' : `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= SHOWN_CHARACTERS ? text : `${text.slice(0, SHOWN_CHARACTERS)}...`;
}

/** Whether lists and objects are nested deeper than `most` levels. Looks without calling itself, so any depth will do. */
export function isDeeperThan(json: unknown, most: number): boolean {
  let level = [json];
  for (let depth = 0; level.length > 0; depth++) {
    const below: unknown[] = [];
    for (const value of level) {
      if (typeof value !== 'object' || value === null) continue;
      if (depth >= most) return true;
      for (const member of Object.values(value)) if (typeof member === 'object' && member !== null) below.push(member);
    }
    level = below;
  }
  return false;
}
