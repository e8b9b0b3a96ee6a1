import { fillPlaceholders } from '../../../engine/template/semantics/environment.ts';
import { headOf } from '../../../engine/template/semantics/heads.ts';
import { rangeValue } from '../../../engine/template/semantics/literals.ts';
import type { BlockNode } from '../../../engine/template/syntax/tree.ts';

/** Most codes shown for one that holds a `for` variable: the first and the last. */
const SHOWN = 2;

/** The codes an OBIS code stands for: inside of `for` those of the first and the last turn. */
export function obisTexts(text: string, around: readonly BlockNode[]): readonly string[] {
  if (!text.includes('{')) return [text];
  let environments: ReadonlyMap<string, number>[] = [new Map()];
  for (const block of around) {
    const head = headOf(block);
    const [variable, , range] = head.labels;
    const bounds = range?.kind === 'literal' ? rangeValue(range) : undefined;
    if (head.kind !== 'for' || variable?.kind !== 'name' || bounds === undefined) continue;
    const values = [...new Set(bounds)];
    environments = environments.flatMap((known) => values.map((value) => new Map([...known, [variable.text, value]])));
  }
  const filled = environments.map((environment) =>
    fillPlaceholders(text, environment, { from: 0, to: 0 }, () => undefined),
  );
  const distinct = [...new Set(filled)].filter((code) => !code.includes('{'));
  return distinct.length <= SHOWN ? distinct : [distinct[0] ?? text, distinct.at(-1) ?? text];
}
