import type { Data } from '../codec/axdr/data.ts';
import type { ExchangeItem } from '../codec/pcap/dialogue-types.ts';
import type { AttributeDescriptor, VariableAccess } from '../codec/xdlms/types.ts';
import { nearestClass, shortNameSpan } from '../cosem/classes.ts';
import { describeData } from '../cosem/describe-data.ts';
import { describeAttributeValue } from '../cosem/describe-value.ts';
import { nameObis } from '../cosem/obis/name.ts';
import { type ObjectListEntry, readShortNameObjectList } from '../cosem/object-list.ts';
import { readScalerUnit, type ScalerUnit } from '../cosem/scaler-unit.ts';
import { holdsSecret } from './secret-attributes.ts';

/** Short name of attribute 2 of the current association, the object list (Blue Book 4.4.3). */
const OBJECT_LIST_NAME = 0xfa08;
/** Attributes of short name referencing are 8 apart. */
const ATTRIBUTE_STEP = 8;
/** Attributes with scaler_unit, and the classes that have them: registers. */
const SCALER_UNITS: ReadonlyMap<number, number> = new Map([
  [3, 3],
  [4, 3],
  [5, 4],
]);
/** What is shown of a secret. */
const MASKED = '********';

/** An item of an exchange in words. */
export interface DescribedItem {
  /** `1-0:1.8.0.255 #2`, or `FA08` where the short name is not known. */
  readonly object: string;
  /** Name by OBIS code and attribute, empty when unknown. */
  readonly name: string;
  readonly text: string;
}

/** Names and units of the objects of a dialogue, learnt from what is read in it. */
export class DialogueObjects {
  readonly #scalerUnits = new Map<string, ScalerUnit>();
  #shortNames: readonly (ObjectListEntry & { readonly baseName: number })[] = [];

  /** The attribute an item is about; of short names, where the object list was read before. */
  attributeOf({ object, variable }: ExchangeItem): AttributeDescriptor | undefined {
    if (object !== undefined) return object;
    return variable === undefined ? undefined : this.#attributeOfName(shortNameOf(variable));
  }

  /** Takes what an item says about others: object lists of short names, scalers and units. */
  learn(item: ExchangeItem): void {
    const { data, variable } = item;
    if (data === undefined) return;
    if (variable !== undefined && 'variable-name' in variable && variable['variable-name'] === OBJECT_LIST_NAME) {
      const entries = readShortNameObjectList(data)?.entries ?? [];
      this.#shortNames = entries.flatMap((entry) => {
        return entry.baseName === undefined ? [] : [{ ...entry, baseName: entry.baseName }];
      });
    }
    const attribute = this.attributeOf(item);
    if (attribute === undefined || SCALER_UNITS.get(attribute.class) !== attribute.index) return;
    const scalerUnit = readScalerUnit(data);
    if (scalerUnit !== undefined) this.#scalerUnits.set(attribute.obis, scalerUnit);
  }

  describe(item: ExchangeItem): DescribedItem {
    const attribute = this.attributeOf(item);
    return { object: objectText(item, attribute), name: nameOf(item, attribute), text: this.#text(item, attribute) };
  }

  #text(item: ExchangeItem, attribute: AttributeDescriptor | undefined): string {
    const { op, sent, data, result } = item;
    const value = (of: Data): string => {
      if (attribute === undefined || op === 'action') return describeData(of);
      if (holdsSecret(attribute)) return MASKED;
      const scalerUnit = this.#scalerUnits.get(attribute.obis);
      return describeAttributeValue(
        attribute.class,
        attribute.index,
        of,
        scalerUnit === undefined ? {} : { scalerUnit },
      );
    };
    const parts = [
      sent === undefined ? undefined : `<- ${value(sent)}`,
      data === undefined ? undefined : value(data),
      result === undefined || (result === 'success' && data !== undefined) ? undefined : result,
    ];
    return parts.filter((part) => part !== undefined).join(' ');
  }

  #attributeOfName(name: number | undefined): AttributeDescriptor | undefined {
    if (name === undefined) return undefined;
    for (const { classId, version, logicalName, baseName } of this.#shortNames) {
      const known = nearestClass(classId, version);
      const span = known === undefined ? ATTRIBUTE_STEP : shortNameSpan(known);
      if (name < baseName || name >= baseName + span || (name - baseName) % ATTRIBUTE_STEP !== 0) continue;
      return { class: classId, obis: logicalName, index: (name - baseName) / ATTRIBUTE_STEP + 1 };
    }
    return undefined;
  }
}

function shortNameOf(variable: VariableAccess): number | undefined {
  if ('variable-name' in variable) return variable['variable-name'];
  return 'parameterized-access' in variable ? variable['parameterized-access'].name : undefined;
}

function objectText({ variable, selective }: ExchangeItem, attribute: AttributeDescriptor | undefined): string {
  const selector =
    selective?.selector ??
    (variable !== undefined && 'parameterized-access' in variable
      ? variable['parameterized-access'].selector
      : undefined);
  const by = selector === undefined ? '' : ` by selector ${selector}`;
  if (attribute !== undefined) return `${attribute.obis} #${attribute.index}${by}`;
  const name = variable === undefined ? undefined : shortNameOf(variable);
  return name === undefined ? '' : `${name.toString(16).toUpperCase().padStart(4, '0')}${by}`;
}

function nameOf({ op }: ExchangeItem, attribute: AttributeDescriptor | undefined): string {
  if (attribute === undefined) return '';
  const known = nearestClass(attribute.class, Number.MAX_SAFE_INTEGER);
  const members = op === 'action' ? known?.methods : known?.attributes;
  const member = members?.find(({ index }) => index === attribute.index)?.name;
  const { name } = nameObis(attribute.obis, { classId: attribute.class });
  return member === undefined ? name : `${name}: ${member}`;
}
