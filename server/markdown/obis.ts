import { interfaceClass } from '../../engine/cosem/classes.ts';
import { nameObis } from '../../engine/cosem/obis/name.ts';
import { unitById } from '../../engine/cosem/units.ts';
import { code, paragraphs, table } from './table.ts';

/** An OBIS code in words: its name, what each value group says, and which classes and unit such objects usually have. */
export function obisMarkdown(obis: string, classId?: number): string {
  const named = nameObis(obis, classId === undefined ? {} : { classId });
  const unit = named.unit === undefined ? undefined : unitById(named.unit);
  const classes = (named.expectedClasses ?? []).map((id) => `${interfaceClass(id)?.identifier ?? 'class'} (${id})`);
  return paragraphs(
    `**${named.name}** ${code(named.obis)}`,
    named.groups.length === 0
      ? undefined
      : table(
          ['', '', 'Meaning'],
          named.groups.map((group) => [group.group, String(group.value), group.meaning]),
        ),
    classes.length === 0 ? undefined : `Usual class: ${classes.join(', ')}`,
    unit === undefined ? undefined : `Usual unit: ${unit.symbol} (${unit.name}, ${unit.quantity})`,
  );
}
