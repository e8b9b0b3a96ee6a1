import { unitBySymbol } from '../../cosem/units.ts';
import type { MeterUser } from '../semantics/declarations.ts';
import { noVariables } from '../semantics/environment.ts';
import { resolveName } from '../semantics/names.ts';
import type { MeterScope } from '../semantics/scope.ts';
import { blockSpec } from '../vocabulary/blocks.ts';
import { checkUnit } from './expression.ts';
import { readProperties } from './read.ts';

/** Looks at a `check` block: its names must exist in the meter. Checks are run from the text, so nothing is compiled. */
export function examineCheck(check: MeterUser, scope: MeterScope): void {
  const spec = blockSpec('check');
  if (spec === undefined) return;
  const origin = { file: check.file, meter: '', environment: noVariables };
  const place = scope.place(origin);
  const properties = new Map(
    check.block.entries.flatMap((entry) =>
      entry.kind === 'property' ? [[entry.name.text, [{ node: entry, origin }]] as const] : [],
    ),
  );
  readProperties(spec, properties, scope);
  for (const required of spec.properties.filter((item) => item.required === true)) {
    if (properties.has(required.name)) continue;
    place.report('DLMS-208', check.nameNode, `Check '${check.name}' has no '${required.name}': ${required.doc}`, {
      hint: `Write '${required.name}: ${required.example}'.`,
    });
  }
  for (const entry of check.block.entries) {
    if (entry.kind !== 'property') continue;
    for (const item of entry.items) {
      const [part] = item.parts;
      if (part === undefined) continue;
      if (entry.name.text === 'get' && (part.kind === 'member' || part.kind === 'name')) resolveName(part, place);
      if (entry.name.text === 'expect_unit' && part.kind === 'name' && unitBySymbol(part.text) === undefined)
        checkUnit(part.text, part, place);
    }
  }
}
