/** How many edits apart a suggestion may be from what was written, by the length of the word. */
function tolerance(length: number): number {
  return length <= 3 ? 1 : length <= 6 ? 2 : 3;
}

/** Edits (insert, delete, replace, swap of neighbours) from one word to another; `limit + 1` if there are more. */
function distance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) > limit) return limit + 1;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const cost = a[i - 1] === b[j - 1] ? 0 : 1;
      let best = Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (previous[j - 1] ?? 0) + cost);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        best = Math.min(best, (before[j - 2] ?? 0) + 1);
      row[j] = best;
    }
    before = previous;
    previous = row;
  }
  return previous[b.length] ?? limit + 1;
}

/** At most this many words are suggested. */
export const MAX_SUGGESTIONS = 3;

/** The words nearest to what was written, best first; those that begin with it count as near. */
export function suggestWords(written: string, known: Iterable<string>): readonly string[] {
  const word = written.toLowerCase().replaceAll('_', '-');
  const limit = tolerance(word.length);
  const found: { readonly name: string; readonly far: number }[] = [];
  for (const name of new Set(known)) {
    const other = name.toLowerCase().replaceAll('_', '-');
    let far = distance(word, other, limit);
    if (far > limit && word.length >= 3 && other.startsWith(word)) far = limit;
    if (far <= limit) found.push({ name, far });
  }
  return found
    .toSorted((a, b) => a.far - b.far || (a.name < b.name ? -1 : 1))
    .slice(0, MAX_SUGGESTIONS)
    .map((item) => item.name);
}

/** ` Did you mean 'object'?`, or nothing. */
export function didYouMean(suggestions: readonly string[]): string {
  if (suggestions.length === 0) return '';
  return ` Did you mean ${suggestions.map((name) => `'${name}'`).join(' or ')}?`;
}
