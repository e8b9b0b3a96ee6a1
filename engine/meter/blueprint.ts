import type { Data, DataType } from '../codec/axdr/data.ts';
import { type InterfaceClass, nearestClass } from '../cosem/classes.ts';
import { conformanceBit, legalConformanceMask } from '../cosem/conformance.ts';
import { formatObis, obisToOctets } from '../cosem/obis/obis.ts';
import type { AssociationModel, Expression, MeterModel, ObjectModel, SecurityModel } from '../template/model.ts';
import { type Behaviour, BehaviourSet, prepareBehaviour } from './behaviours/behaviour-set.ts';
import type { ClassLogic } from './classes/class-logic.ts';
import type { ClockFacts } from './classes/clock.ts';
import { declaredClass, declaredLogic } from './classes/declared-class.ts';
import { classLogic } from './classes/registry.ts';
import { ModelNames } from './model-names.ts';
import { PUSH_SETUP } from './push/push-order.ts';
import { grantsAnything, type ObjectRights, rightsOf } from './rights.ts';
import type { DueSource } from './schedule/due-source.ts';
import { scheduleObjects } from './schedule/schedule-objects.ts';
import { type Evaluate, ExpressionCompiler } from './values/compile.ts';

/** An attribute the template speaks of. */
export interface BlueprintAttribute {
  readonly type: DataType | undefined;
  readonly expression: Expression;
  /** Made ready on first use. */
  evaluate: Evaluate | undefined;
}

/** An object of a model with everything that does not differ from meter to meter. */
export interface CosemObject {
  readonly index: number;
  readonly model: ObjectModel;
  readonly obis: string;
  readonly logicalName: Uint8Array;
  /** Nearest known version of the class; undefined for classes of the vendor. */
  readonly class: InterfaceClass | undefined;
  readonly logic: ClassLogic;
  readonly attributes: ReadonlyMap<number, BlueprintAttribute>;
  /** Highest attribute index, and number of methods. */
  readonly attributeCount: number;
  readonly methodCount: number;
  /** By index of the association. */
  readonly rights: readonly ObjectRights[];
  /** Associations that see the object, by index. */
  readonly visible: readonly boolean[];
}

/** An association of a model with its security block and what it can negotiate. */
export interface BlueprintAssociation {
  readonly index: number;
  readonly model: AssociationModel;
  readonly security: SecurityModel | undefined;
  readonly conformance: number;
}

/** What a short name leads to. */
export interface ShortNameTarget {
  readonly object: CosemObject;
  readonly attribute?: number;
  readonly method?: number;
}

/**
 * A model made ready to be served: indexes, rights and expressions. Built once per model and shared by all of its
 * meters, which only add a number and what was written into them.
 */
export class Blueprint {
  readonly model: MeterModel;
  readonly objects: readonly CosemObject[];
  /** Objects that act by themselves while time passes. */
  readonly selfActing: readonly CosemObject[];
  /** Register activation objects: they decide which registers count. */
  readonly activations: readonly CosemObject[];
  /** Parameter monitors: they are told of every attribute that is written. */
  readonly parameterMonitors: readonly CosemObject[];
  /** Whether an association object lists the users of its association. */
  readonly hasUsers: boolean;
  readonly associations: readonly BlueprintAssociation[];
  readonly compiler: ExpressionCompiler;
  /** Quirks and faults; undefined for models that keep to the standard. */
  readonly behaviours: BehaviourSet | undefined;
  /** Quirks and faults one by one, as the template has them. */
  readonly prepared: readonly Behaviour[];
  /** Sets of them that fleets chose, by their names. */
  readonly selections = new Map<string, { readonly set: BehaviourSet | undefined }>();
  /** Objects that make a meter do something by itself; undefined for models without. */
  readonly schedules: readonly CosemObject[] | undefined;
  readonly pushSetups: readonly CosemObject[];
  /** The template has reactions that tell clients of events. */
  readonly notifies: boolean;
  /** Profiles a script captures, and what schedules say as the template has it; worked out on first use. */
  capturedByScript: ReadonlySet<number> | undefined;
  readonly templateSources = new Map<number, readonly DueSource[]>();
  /** Object lists by association and version; they are the same for all meters. */
  readonly lists = new Map<string, Data>();
  readonly #byInstance = new Map<string, CosemObject>();
  readonly #byObis = new Set<string>();
  readonly #byName = new Map<string, CosemObject>();
  readonly #byShortName = new Map<number, ShortNameTarget>();
  /** What the clock of the model says about its time zone, worked out on first use. */
  clockFacts: ClockFacts | undefined;

  constructor(model: MeterModel) {
    this.model = model;
    this.associations = model.associations.map((association, index) => ({
      index,
      model: association,
      security: model.securities.find((security) => security.name === association.security),
      conformance: conformanceOf(association),
    }));
    this.objects = model.objects.map((object, index) => this.#object(object, index));
    this.parameterMonitors = this.objects.filter((object) => object.model.class === PARAMETER_MONITOR);
    this.hasUsers = this.objects.some(({ model }) => model.version >= (USERS_FROM[model.class] ?? 0x100));
    this.activations = this.objects.filter((object) => object.model.class === REGISTER_ACTIVATION);
    this.selfActing = this.objects.filter(({ logic }) => logic.act !== undefined);
    for (const object of this.objects) {
      this.#byInstance.set(`${object.model.class}/${object.obis}`, object);
      this.#byObis.add(object.obis);
      this.#byName.set(object.model.name, object);
      this.#addShortNames(object);
    }
    this.schedules = scheduleObjects(this.objects);
    this.notifies = model.objects.some(({ settings }) => Object.values(settings).some(isNotifying));
    this.pushSetups = this.objects.filter(({ model }) => model.class === PUSH_SETUP);
    this.compiler = new ExpressionCompiler(new ModelNames(model, this.#byName));
    this.prepared = [
      ...model.quirks.map((quirk) => prepareBehaviour(quirk, 'quirk', this.compiler)),
      ...model.faults.map((fault) => prepareBehaviour(fault, 'fault', this.compiler)),
    ];
    this.behaviours = this.prepared.length === 0 ? undefined : new BehaviourSet(this.prepared);
  }

  /** Object of a class and logical name; `class-inconsistent` if the name exists with another class only. */
  find(classId: number, obis: string): CosemObject | 'class-inconsistent' | undefined {
    return this.#byInstance.get(`${classId}/${obis}`) ?? (this.#byObis.has(obis) ? 'class-inconsistent' : undefined);
  }

  /** Object of a class and the six octets of its logical name. */
  findByOctets(classId: number, logicalName: Uint8Array): CosemObject | undefined {
    return this.#byInstance.get(`${classId}/${formatObis(logicalName)}`);
  }

  byName(name: string): CosemObject | undefined {
    return this.#byName.get(name);
  }

  byShortName(name: number): ShortNameTarget | undefined {
    return this.#byShortName.get(name);
  }

  firstOfClass(classId: number): CosemObject | undefined {
    return this.objects.find((object) => object.model.class === classId);
  }

  /** Associations of a client with a logical device. */
  associationsOf(clientSap: number, serverSap: number): readonly BlueprintAssociation[] {
    return this.associations.filter(({ model }) => model.clientSap === clientSap && model.serverSap === serverSap);
  }

  #object(model: ObjectModel, index: number): CosemObject {
    const declared = declaredClass(model);
    const table = declared ?? nearestClass(model.class, model.version);
    const attributes = new Map<number, BlueprintAttribute>();
    for (const [key, attribute] of Object.entries(model.attributes)) {
      const type = attribute.type;
      attributes.set(Number(key), { type, expression: attribute.value, evaluate: undefined });
    }
    const access = this.associations.map((association) => model.access[association.model.name]);
    return {
      index,
      model,
      obis: formatObis(model.obis),
      logicalName: obisToOctets(model.obis),
      class: table,
      logic: declared === undefined ? classLogic(model.class) : declaredLogic,
      attributes,
      attributeCount: Math.max(table?.attributes.length ?? 1, ...attributes.keys()),
      methodCount: table?.methods.length ?? 0,
      rights: access.map(rightsOf),
      visible: access.map(grantsAnything),
    };
  }

  #addShortNames(object: CosemObject): void {
    const base = object.model.baseName;
    if (base === undefined) return;
    for (let attribute = 1; attribute <= object.attributeCount; attribute += 1) {
      this.#byShortName.set((base + (attribute - 1) * 8) & 0xffff, { object, attribute });
    }
    for (const method of object.class?.methods ?? []) {
      // Their places belong to attributes in later versions of Association SN.
      if (method.reserved) continue;
      this.#byShortName.set((base + method.snOffset) & 0xffff, { object, method: method.index });
    }
  }
}

const REGISTER_ACTIVATION = 6;
const PARAMETER_MONITOR = 65;
/** Versions of Association SN and LN from which on they know users. */
const USERS_FROM: Readonly<Record<number, number>> = { 12: 3, 15: 2 };

function isNotifying(setting: Expression): boolean {
  return setting.k === 'list' && setting.items.some((item) => item.k === 'call' && item.name === 'notify');
}

/** What this server can do; a template may ask for more, but it is not announced. */
const SERVICES_LN = [
  'priority-mgmt-supported',
  'attribute0-supported-with-get',
  'block-transfer-with-get-or-read',
  'block-transfer-with-set-or-write',
  'block-transfer-with-action',
  'multiple-references',
  'get',
  'set',
  'selective-access',
  'action',
  'access',
  'general-protection',
  'general-block-transfer',
  'event-notification',
];
const SERVICES_SN = [
  'read',
  'write',
  'unconfirmed-write',
  'block-transfer-with-get-or-read',
  'block-transfer-with-set-or-write',
  'multiple-references',
  'parameterized-access',
  'general-protection',
  'general-block-transfer',
];

function maskOf(names: readonly string[]): number {
  return names.reduce((mask, name) => mask | (conformanceBit(name)?.mask ?? 0), 0);
}

const SUPPORTED: Readonly<Record<'LN' | 'SN', number>> = { LN: maskOf(SERVICES_LN), SN: maskOf(SERVICES_SN) };

function conformanceOf(association: AssociationModel): number {
  return maskOf(association.conformance) & SUPPORTED[association.context] & legalConformanceMask(association.context);
}

const blueprints = new WeakMap<MeterModel, Blueprint>();

/** The blueprint of a model, built on first use. */
export function blueprintOf(model: MeterModel): Blueprint {
  const known = blueprints.get(model);
  if (known !== undefined) return known;
  const made = new Blueprint(model);
  blueprints.set(model, made);
  return made;
}
