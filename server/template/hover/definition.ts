import { nameObis } from '../../../engine/cosem/obis/name.ts';
import type { Analysis } from '../../../engine/template/analyse.ts';
import type { MeterScope } from '../../../engine/template/semantics/scope.ts';
import type { SymbolDefinition } from '../../../engine/template/semantics/symbols.ts';
import { code, paragraphs } from '../../markdown/table.ts';

/** Most lines of a definition that are shown. */
const MAX_LINES = 12;

/** What a name means: where it comes from, what its code says, and how it is defined. */
export function definitionMarkdown(meant: SymbolDefinition, analysis: Analysis, scope: MeterScope | undefined): string {
  const own = scope?.meter.declaration.name;
  const from = meant.meter !== '' && own !== undefined && meant.meter !== own ? ` of ${code(meant.meter)}` : '';
  return paragraphs(
    `**${meant.name}** ${meant.kind === 'simulation' ? 'simulated value' : meant.kind}${from}`,
    objectText(meant, analysis),
    excerpt(meant, analysis),
  );
}

function objectText({ kind, name, meter }: SymbolDefinition, analysis: Analysis): string | undefined {
  if (kind !== 'object') return undefined;
  const object = analysis.meters.get(meter)?.model.objects.find((item) => item.name === name);
  if (object === undefined) return undefined;
  const { title, obis } = object;
  return `${code(obis)} ${title ?? nameObis(obis, { classId: object.class }).name}`;
}

/** The text of a definition, shortened where it is long. */
function excerpt({ file, full }: SymbolDefinition, analysis: Analysis): string | undefined {
  const text = analysis.documents.get(file)?.text;
  if (text === undefined) return undefined;
  const indent = full.from - (text.lastIndexOf('\n', full.from - 1) + 1);
  const lines = text.slice(full.from, full.to).split('\n');
  const shown = lines.slice(0, MAX_LINES).map((line, index) => (index === 0 ? line : outdent(line, indent)));
  const rest = lines.length > MAX_LINES ? ['  …'] : [];
  return `\`\`\`dlmsmeter\n${[...shown, ...rest].join('\n')}\n\`\`\``;
}

function outdent(line: string, by: number): string {
  const blanks = /^\s*/.exec(line)?.[0].length ?? 0;
  return line.slice(Math.min(blanks, by));
}
