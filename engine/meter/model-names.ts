import { attributeByName, nearestClass } from '../cosem/classes.ts';
import type { Expression, MeterModel, ObjectModel } from '../template/model.ts';
import { declaredClass } from './classes/declared-class.ts';
import { argument, nameOf } from './values/arguments.ts';
import type { AttributeReference, Names } from './values/scope.ts';

interface NamedObject {
  readonly index: number;
  readonly model: ObjectModel;
  readonly logicalName: Uint8Array;
}

/** What the names in a model's expressions mean. */
export class ModelNames implements Names {
  readonly #model: MeterModel;
  readonly #objects: ReadonlyMap<string, NamedObject>;
  #tariffs: ReadonlyMap<string, readonly number[]> | undefined;

  constructor(model: MeterModel, objects: ReadonlyMap<string, NamedObject>) {
    this.#model = model;
    this.#objects = objects;
  }

  attribute(path: string): AttributeReference | undefined {
    const dot = path.indexOf('.');
    const object = this.#objects.get(dot < 0 ? path : path.slice(0, dot));
    if (object === undefined) return undefined;
    const attribute = dot < 0 ? 2 : attributeIndex(object.model, path.slice(dot + 1));
    if (attribute === undefined) return undefined;
    const expression = object.model.attributes[String(attribute)]?.value;
    return { object: object.index, attribute, ...(expression === undefined ? {} : { expression }) };
  }

  simulated(name: string): Expression | undefined {
    return Object.hasOwn(this.#model.simulate, name) ? this.#model.simulate[name] : undefined;
  }

  logicalName(object: string): Uint8Array | undefined {
    const name = object.split('.', 1)[0] ?? object;
    return this.#objects.get(name)?.logicalName;
  }

  tariffs(path: string): readonly number[] {
    this.#tariffs ??= this.#findTariffs();
    return this.#tariffs.get(path) ?? [];
  }

  /** Which tariffs share which register is nowhere said but in the `share` calls themselves. */
  #findTariffs(): ReadonlyMap<string, readonly number[]> {
    const found = new Map<string, Set<number>>();
    for (const object of this.#model.objects) {
      for (const { value } of Object.values(object.attributes)) collectShares(value, found);
    }
    for (const expression of Object.values(this.#model.simulate)) collectShares(expression, found);
    return new Map([...found].map(([path, tariffs]) => [path, [...tariffs].sort((a, b) => a - b)]));
  }
}

/** Index of an attribute by its name in the class, or by a plain number. */
export function attributeIndex(object: ObjectModel, name: string): number | undefined {
  if (/^-?\d+$/.test(name)) return Number(name);
  const table = declaredClass(object) ?? nearestClass(object.class, object.version);
  return table === undefined ? undefined : attributeByName(table, name)?.index;
}

function collectShares(expression: Expression, found: Map<string, Set<number>>): void {
  switch (expression.k) {
    case 'call': {
      if (expression.name === 'share') {
        const path = nameOf(argument(expression, 'of', 0)) ?? '';
        const tariff = argument(expression, 'tariff', 1);
        const known = found.get(path) ?? new Set<number>();
        if (tariff?.k === 'number') known.add(tariff.value);
        found.set(path, known);
      }
      for (const part of [...expression.args, ...Object.values(expression.named)]) collectShares(part, found);
      return;
    }
    case 'binary':
      collectShares(expression.left, found);
      collectShares(expression.right, found);
      return;
    case 'unary':
      collectShares(expression.of, found);
      return;
    case 'list':
      for (const item of expression.items) collectShares(item, found);
      return;
    default:
      return;
  }
}
