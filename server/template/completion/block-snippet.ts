import type { BlockSpec, LabelSpec } from '../../../engine/template/vocabulary/types.ts';
import { tabStop } from '../../lsp/snippet.ts';

/** A block with its required properties, as a snippet: `association ${1:name} {\n\tclient: ${2:16}\n…}`. */
export function blockSnippet(spec: BlockSpec): string {
  let stop = 0;
  const place = (text: string): string => tabStop(++stop, text);
  const label = (of: LabelSpec): string => {
    switch (of.label) {
      case 'name':
        return place('name');
      case 'keyword':
        return of.word;
      case 'reference':
        return place(of.to);
      case 'word':
        return place(of.of()[0]?.word ?? of.noun);
      case 'obis':
        return place('1-0:1.8.0.255');
      case 'class':
        return place('register');
      case 'range':
        return place('1..4');
      case 'number':
        return place(String(of.min));
      case 'word-of-meter':
        return place(of.noun === 'variable' ? 'T' : (of.noun.split(' ')[0] ?? 'name'));
    }
  };
  const head = [spec.kind, ...spec.labels.map(label)].join(' ');
  const required = spec.properties
    .filter((property) => property.required === true)
    .map((property) => `\t${property.name}: ${place(property.example)}\n`);
  return `${head} {\n${required.join('')}\t$0\n}`;
}
