import type { Suggestions } from '../../lsp/suggestions.ts';
import type { CompletionContext } from './context.ts';
import { entrySuggestions } from './entries.ts';
import { labelSuggestions } from './labels.ts';
import { valueSuggestions } from './values.ts';

/** What can be typed at the cursor. */
export function suggestionsAt(context: CompletionContext): Suggestions {
  const { place, around } = context.cursor;
  switch (place.at) {
    case 'entry':
      return { items: entrySuggestions(context, place.siblings) };
    case 'label':
      return labelSuggestions(context, place);
    case 'value': {
      const values = valueSuggestions(context, place);
      // In `{ port: 4059 fra` the next property may begin on the same line.
      const complete = place.parts.length > 0 && place.brackets.length === 0 && place.quoted === undefined;
      const mayEnd = complete && place.member.length === 0 && around.length > 0;
      if (!mayEnd) return { items: values };
      const siblings = around.at(-1)?.entries ?? [];
      const next = entrySuggestions(context, siblings).map((item) => ({ ...item, rank: (item.rank ?? 5) + 5 }));
      return { items: [...values, ...next] };
    }
  }
}
