import { headShape } from '../../engine/template/semantics/heads.ts';
import type { ActionSpec } from '../../engine/template/vocabulary/actions.ts';
import type { ArgumentSpec, FunctionSpec } from '../../engine/template/vocabulary/functions.ts';
import type { QuirkSpec, QuirkValue } from '../../engine/template/vocabulary/quirks.ts';
import type { BlockSpec, PropertySpec } from '../../engine/template/vocabulary/types.ts';
import { code, paragraphs } from './table.ts';

const fence = (text: string): string => `\`\`\`dlmsmeter\n${text}\n\`\`\``;

/** A kind of block: how it begins and what it is for. */
export function blockMarkdown(spec: BlockSpec): string {
  return paragraphs(fence(headShape(spec)), spec.doc);
}

/** A property: an example, what it says, what holds without it. */
export function propertyMarkdown(spec: PropertySpec): string {
  return paragraphs(
    fence(`${spec.name}: ${spec.example}`),
    spec.doc,
    spec.required === true ? 'Required.' : undefined,
    spec.otherwise === undefined ? undefined : `Default: ${spec.otherwise}`,
  );
}

/** `maximum(of, over: 15min, since: billing_reset)`; optional arguments are shown with their default. */
export function signatureOf(spec: FunctionSpec): string {
  const args = spec.args.map((arg) => {
    if (arg.repeated === true) return `${arg.name}, …`;
    return arg.otherwise === undefined ? arg.name : `${arg.name}: ${arg.otherwise}`;
  });
  return `${spec.name}(${args.join(', ')})`;
}

/** A function with its arguments. */
export function functionMarkdown(spec: FunctionSpec): string {
  return paragraphs(
    fence(signatureOf(spec)),
    spec.doc,
    spec.args.map((arg) => `- ${argumentMarkdown(arg)}`).join('\n'),
  );
}

/** One argument in a line. */
export function argumentMarkdown(arg: ArgumentSpec): string {
  const otherwise = arg.optional === true ? ` Default: ${code(arg.otherwise ?? '')}` : '';
  return `${code(arg.name)} ${arg.doc}${otherwise}`;
}

/** A quirk of the catalogue: what it does, how a client notices, where it was seen, what can be set. */
export function quirkMarkdown(id: string, spec: QuirkSpec): string {
  const { doc, notice, seen, layer, value } = spec;
  return paragraphs(
    fence(`quirk "${id}"`),
    doc,
    notice,
    `Seen in ${seen}. Acts at the ${layer} layer.`,
    value && `${code('with')} ${value.doc} Default: ${code(quirkValueText(value))}`,
  );
}

/** What a quirk is set to if nobody says: `30s`, `4`. */
export function quirkValueText({ is, otherwise }: QuirkValue): string {
  return is === 'duration' ? `${otherwise / 1000}s` : String(otherwise);
}

/** An action of quirks and faults. */
export function actionMarkdown(spec: ActionSpec): string {
  return paragraphs(fence(`${spec.name}: ${spec.example}`), spec.doc, `Acts at the ${spec.layer} layer.`);
}
