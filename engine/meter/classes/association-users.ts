import type { Data } from '../../codec/axdr/data.ts';
import type { ActionOutcome } from '../../codec/xdlms/types.ts';
import { readAttributeData } from '../attribute-access.ts';
import type { BlueprintAssociation } from '../blueprint.ts';
import { copyData } from '../copy-data.ts';
import type { VirtualMeter } from '../meter.ts';
import { elementsOf } from '../schedule/schedule-data.ts';
import { nameOf } from '../values/arguments.ts';
import { dataToNumber } from '../values/value.ts';
import { SUCCESS, type Target } from './class-logic.ts';

const ASSOCIATION_SN = 12;
const ASSOCIATION_LN = 15;
/** user_list of Association LN from version 2 and SN from version 3 on. */
const USER_LIST: Readonly<Record<number, number>> = { [ASSOCIATION_SN]: 5, [ASSOCIATION_LN]: 10 };
const MAX_USERS = 256;

/** The association an object of class 12 or 15 describes: the one its `of` names, else the one it is read in. */
export function describedBy(target: Target): BlueprintAssociation | undefined {
  const { associations } = target.meter.blueprint;
  const name = nameOf(target.object.model.settings.of);
  if (name !== undefined) return associations.find(({ model }) => model.name === name);
  return target.association?.definition ?? associations[0];
}

function isUser(data: Data | null): boolean {
  const [id, name] = data?.t === 'structure' && data.v.length === 2 ? data.v : [];
  return id?.t === 'unsigned' && name !== undefined;
}

function idOf(user: Data): number {
  return dataToNumber(elementsOf(user)[0] ?? { t: 'null-data' });
}

/**
 * Users of an association: those in the list of the object that describes it by name, else of the one for the current
 * association. Undefined where its version knows no users.
 */
export function usersOf(meter: VirtualMeter, definition: BlueprintAssociation): readonly Data[] | undefined {
  const objects = meter.blueprint.objects.filter(({ model, attributeCount }) => {
    const index = USER_LIST[model.class];
    const of = nameOf(model.settings.of);
    return index !== undefined && attributeCount >= index && (of === undefined || of === definition.model.name);
  });
  const object = objects.find(({ model }) => model.settings.of !== undefined) ?? objects[0];
  if (object === undefined) return undefined;
  return elementsOf(readAttributeData({ meter, object, time: 0 }, USER_LIST[object.model.class] ?? 0));
}

/** Whether the list of users, if there is one, lets a user in (Blue Book 4.4.4): an empty list asks nobody. */
export function admitsUser(meter: VirtualMeter, definition: BlueprintAssociation, userId: number | undefined): boolean {
  if (!meter.blueprint.hasUsers) return true;
  const users = usersOf(meter, definition) ?? [];
  return users.length === 0 || users.some((user) => idOf(user) === userId);
}

/** current_user: who the AARQ said it is, with the name of the list. */
export function currentUser(target: Target, definition: BlueprintAssociation): Data {
  const own = target.association?.definition === definition ? target.association : undefined;
  const users = usersOf(target.meter, definition) ?? [];
  const known = own?.userId === undefined ? undefined : users.find((user) => idOf(user) === own.userId);
  return known ?? userEntry(own?.userId ?? 0);
}

function userEntry(id: number): Data {
  return {
    t: 'structure',
    v: [
      { t: 'unsigned', v: Math.min(Math.max(id, 0), 0xff) },
      { t: 'visible-string', v: '' },
    ],
  };
}

/** Whether all elements of a written user_list are users. */
export function areUsers(data: Data): boolean {
  return data.t === 'array' && data.v.length <= MAX_USERS && data.v.every(isUser);
}

/** add_user: an entry with an id that is there already takes its place. remove_user: an entry, by its id. */
export function changeUsers(target: Target, add: boolean, params: Data | null): ActionOutcome {
  const { meter, object } = target;
  if (params === null || !isUser(params)) return { result: 'type-unmatched' };
  const index = USER_LIST[object.model.class] ?? 0;
  const users = elementsOf(readAttributeData(target, index));
  const others = users.filter((user) => idOf(user) !== idOf(params));
  if (!add && others.length === users.length) return { result: 'object-unavailable' };
  if (add && others.length >= MAX_USERS) return { result: 'other-reason' };
  meter.write(object.index, index, { t: 'array', v: add ? [...others, copyData(params)] : others });
  return SUCCESS;
}
