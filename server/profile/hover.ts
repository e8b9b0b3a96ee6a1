import { type Hover, MarkupKind } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Document } from 'yaml';
import { interfaceClass } from '../../engine/cosem/classes.ts';
import { flagManufacturer } from '../../engine/cosem/flag-ids.ts';
import { formatObis } from '../../engine/cosem/obis/obis.ts';
import { parseUnit } from '../../engine/cosem/units.ts';
import { parsePattern } from '../../engine/template/profile/pattern.ts';
import type { ObisPattern } from '../../engine/template/profile/types.ts';
import { rangeOf } from '../lsp/positions.ts';
import { attributeMarkdown, classMarkdown } from '../markdown/interface-class.ts';
import { obisMarkdown } from '../markdown/obis.ts';
import { paragraphs } from '../markdown/table.ts';
import { unitMarkdown } from '../markdown/unit.ts';
import { placeAt, type YamlPlace } from './documents.ts';
import { ITEM, type Schema, schemaAt, wordsOf } from './schema.ts';

/** What is known about the key or value at an offset. */
export function profileHover(document: TextDocument, yaml: Document, offset: number): Hover | undefined {
  const place = placeAt(yaml, document.getText(), offset);
  if (place === undefined) return undefined;
  const schema = schemaAt(place.path);
  const value = place.at === 'key' ? keyText(place, schema, yaml) : valueText(place, schema);
  if (value === undefined || value === '') return undefined;
  return { contents: { kind: MarkupKind.Markdown, value }, range: rangeOf(document, place.span) };
}

function keyText(place: YamlPlace, schema: Schema | undefined, yaml: Document): string | undefined {
  if (schema === undefined) return undefined;
  const words = wordsOf(schema);
  return paragraphs(
    `**${place.text}**`,
    attributeText(place, yaml),
    schema.description,
    words.length === 0 ? undefined : `One of: ${words.join(', ')}`,
    schema.default === undefined ? undefined : `Default: ${String(schema.default)}`,
  );
}

/** Below `attributes` keys are numbers; their names follow from the class. */
function attributeText({ path, span }: YamlPlace, yaml: Document): string | undefined {
  if (path.at(-2) !== 'attributes') return undefined;
  const index = objectIndexAt(yaml, span.from);
  const classId: unknown = index === undefined ? undefined : yaml.getIn(['objects', index, 'class']);
  const item = typeof classId === 'number' ? interfaceClass(classId) : undefined;
  const attribute = item?.attributes[Number(path.at(-1)) - 1];
  return item === undefined || attribute === undefined ? undefined : attributeMarkdown(item, attribute);
}

function objectIndexAt(yaml: Document, offset: number): number | undefined {
  const objects: unknown = yaml.get('objects');
  if (typeof objects !== 'object' || objects === null || !('items' in objects) || !Array.isArray(objects.items))
    return undefined;
  const index = objects.items.findLastIndex((item: unknown) => {
    const range: unknown = typeof item === 'object' && item !== null && 'range' in item ? item.range : undefined;
    return Array.isArray(range) && Number(range[0]) <= offset;
  });
  return index < 0 ? undefined : index;
}

function valueText({ path, text }: YamlPlace, schema: Schema | undefined): string | undefined {
  const key = path.at(-1) === ITEM ? path.at(-2) : path.at(-1);
  switch (key) {
    case 'obis':
    case 'must_have':
    case 'must_not_have':
      return patternText(text);
    case 'class': {
      const item = interfaceClass(Number(text));
      return item === undefined ? undefined : classMarkdown(item);
    }
    case 'unit': {
      const unit = parseUnit(text)?.unit;
      return unit === undefined ? undefined : unitMarkdown(unit);
    }
    case 'flag': {
      const maker = flagManufacturer(text);
      return maker === undefined ? undefined : `**${maker.flag}** ${maker.name}`;
    }
    default:
      return schema?.description;
  }
}

/** A code in words; of a pattern the first and the last code it fits. */
function patternText(text: string): string | undefined {
  const pattern = parsePattern(text);
  if ('problem' in pattern) return undefined;
  const codes = [...new Set([edgeCode(pattern, 'low'), edgeCode(pattern, 'high')])];
  return codes.map((code) => obisMarkdown(code)).join('\n\n---\n\n');
}

function edgeCode({ groups }: ObisPattern, edge: 'low' | 'high'): string {
  // `x` is for any: 0 says most about the others, and 255 in F that it is the current value.
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 255] = groups.map((group, index) => {
    const any = group.low === 0 && group.high === 255;
    return any ? (index === 5 ? 255 : 0) : group[edge];
  });
  return formatObis({ a, b, c, d, e, f });
}
