import { CompletionItemKind } from 'vscode-languageserver/node';
import { nameObis } from '../../../engine/cosem/obis/name.ts';
import { allUnits, type Unit, unitById } from '../../../engine/cosem/units.ts';
import { headOf } from '../../../engine/template/semantics/heads.ts';
import type { Suggestion } from '../../lsp/suggestions.ts';
import type { ValuePlace } from '../cursor.ts';
import type { CompletionContext } from './context.ts';

const SCALERS = [0, -1, -2, -3, 1, 2, 3];

/** A power of ten, then a unit; the unit that the OBIS code asks for comes first. */
export function scalerUnits(context: CompletionContext, place: ValuePlace): Suggestion[] {
  if (place.brackets.length > 0 || place.parts.length > 1) return [];
  const usual = usualUnit(context);
  if (place.parts.length === 1) return units(usual);
  return SCALERS.map((scaler) => {
    const text = usual === undefined ? `10^${scaler}` : `10^${scaler} ${usual.symbol}`;
    return {
      label: text,
      kind: CompletionItemKind.Value,
      snippet: usual === undefined ? `10^${scaler} $0` : text,
      ...(usual === undefined ? {} : { about: { about: 'unit', of: usual.id } as const }),
      goesOn: usual === undefined,
    };
  });
}

function units(usual: Unit | undefined): Suggestion[] {
  const symbols = new Set<string>();
  return [...(usual === undefined ? [] : [usual]), ...allUnits()].flatMap((unit): Suggestion[] => {
    // Of units with the same symbol the first is the one meant.
    if (symbols.has(unit.symbol)) return [];
    symbols.add(unit.symbol);
    return [
      {
        label: unit.symbol,
        kind: CompletionItemKind.Unit,
        detail: unit.quantity,
        about: { about: 'unit', of: unit.id },
        rank: unit === usual ? 0 : 5,
      },
    ];
  });
}

/** The unit objects with the code of the block around usually have. */
function usualUnit({ cursor, scope }: CompletionContext): Unit | undefined {
  const block = cursor.around.at(-1);
  if (block === undefined) return undefined;
  const head = headOf(block);
  const label =
    head.labels[1] ?? (head.name === undefined ? undefined : scope?.object(head.name.text)?.base.head.labels[1]);
  const unit = label === undefined ? undefined : nameObis(withoutPlaceholders(label.text)).unit;
  return unit === undefined ? undefined : unitById(unit);
}

/** The unit does not depend on the `for` variable in all but made-up cases: 1 stands for it. */
function withoutPlaceholders(obis: string): string {
  return obis.replace(/\{[^}]*\}/g, '1');
}
