import type { Data } from '../../codec/axdr/data.ts';
import type { ActionOutcome, SelectiveAccess } from '../../codec/xdlms/types.ts';
import { formatObis } from '../../cosem/obis/obis.ts';
import { grant, grantedRights, withdraw } from '../association/granted-rights.ts';
import { contextOf, isHls } from '../association/opening.ts';
import type { BlueprintAssociation, CosemObject } from '../blueprint.ts';
import { dataToNumber } from '../values/value.ts';
import { areUsers, changeUsers, currentUser, describedBy } from './association-users.ts';
import { type ClassLogic, SUCCESS, type Target } from './class-logic.ts';
import { contextName, mechanismName } from './object-identifier.ts';
import { listElementLn, sharedList, visibleObjects } from './object-list.ts';
import { conformanceData, securitySetupReference } from './xdlms-context.ts';

const OBJECT_LIST = 2;
const SECRET = 7;
const USER_LIST = 10;
const CURRENT_USER = 11;
const CHANGE_HLS_SECRET = 2;
const ADD_OBJECT = 3;
const REMOVE_OBJECT = 4;
const ADD_USER = 5;
const REMOVE_USER = 6;
/** association_status: 0 non-associated, 1 association-pending, 2 associated. */
const STATUS = { none: 0, pending: 1, associated: 2 } as const;
const MAX_SECRET = 64;

function wholeList(target: Target, association: number): Data {
  const { version } = target.object.model;
  return sharedList(target.meter, `ln/${association}/${version}`, () => ({
    t: 'array',
    v: visibleObjects(target.meter, association).map((object) =>
      listElementLn(target.meter, object, association, version),
    ),
  }));
}

/** Class and logical name of one descriptor of selectors 3 and 4. */
function descriptorKey(data: Data): string | undefined {
  if (data.t !== 'structure') return undefined;
  const [classId, logicalName] = data.v;
  if (classId === undefined || logicalName?.t !== 'octet-string') return undefined;
  return `${dataToNumber(classId)}/${formatObis(logicalName.v)}`;
}

/** Part of the object list a selector asks for (wire.md 10); undefined for a selection that cannot be read. */
function selectedList(target: Target, association: number, selection: SelectiveAccess): Data | undefined {
  const { version } = target.object.model;
  const objects = visibleObjects(target.meter, association);
  const full = (object: CosemObject): Data => listElementLn(target.meter, object, association, version);
  const { params } = selection;
  switch (selection.selector) {
    case 1:
      return {
        t: 'array',
        v: objects.map((object) => listElementLn(target.meter, object, association, version, false)),
      };
    case 2: {
      if (params.t !== 'array') return undefined;
      const wanted = new Set(params.v.map(dataToNumber));
      return { t: 'array', v: objects.filter(({ model }) => wanted.has(model.class)).map(full) };
    }
    case 3: {
      if (params.t !== 'array') return undefined;
      const wanted = new Set(params.v.map(descriptorKey));
      return { t: 'array', v: objects.filter((object) => wanted.has(keyOf(object))).map(full) };
    }
    case 4: {
      const wanted = descriptorKey(params);
      const found = objects.find((object) => keyOf(object) === wanted);
      return found === undefined ? undefined : full(found);
    }
    default:
      return undefined;
  }
}

function keyOf(object: CosemObject): string {
  return `${object.model.class}/${object.obis}`;
}

function partners(target: Target, definition: BlueprintAssociation): Data {
  const { association } = target;
  const own = association?.definition === definition ? association : undefined;
  return {
    t: 'structure',
    v: [
      { t: 'integer', v: Math.min(own?.clientSap ?? definition.model.clientSap, 0x7f) },
      { t: 'long-unsigned', v: own?.serverSap ?? definition.model.serverSap },
    ],
  };
}

function status(target: Target, definition: BlueprintAssociation): number {
  const { association } = target;
  if (association?.definition !== definition) return STATUS.none;
  return association.status === 'associated' ? STATUS.associated : STATUS.pending;
}

function readOne(target: Target, definition: BlueprintAssociation, attribute: number): Data | undefined {
  switch (attribute) {
    case OBJECT_LIST:
      return wholeList(target, definition.index);
    case 3:
      return partners(target, definition);
    case 4:
      return contextName(contextOf(definition));
    case 5:
      return conformanceData(target, definition);
    case 6:
      return mechanismName(definition.model.mechanism);
    case 8:
      return { t: 'enum', v: status(target, definition) };
    case 9:
      return target.object.model.version > 0 ? securitySetupReference(target, definition) : undefined;
    case CURRENT_USER:
      return currentUser(target, definition);
    default:
      return undefined;
  }
}

/** Takes a new password or HLS secret. */
export function changeSecret(target: Target, definition: BlueprintAssociation | undefined, data: Data | null): string {
  if (definition === undefined || data?.t !== 'octet-string' || data.v.length > MAX_SECRET) return 'type-unmatched';
  target.meter.changeAssociationSecret(definition.index, new Uint8Array(data.v));
  return 'success';
}

/** add_object and remove_object: an object of the meter becomes visible in the association, or is no longer. */
function changeObjects(
  target: Target,
  definition: BlueprintAssociation | undefined,
  method: number,
  params: Data | null,
): ActionOutcome {
  const { meter, object: own } = target;
  const [classId, , logicalName] = params?.t === 'structure' ? params.v : [];
  if (definition === undefined || params === null || classId === undefined) return { result: 'type-unmatched' };
  if (logicalName?.t !== 'octet-string' || logicalName.v.length !== 6) return { result: 'type-unmatched' };
  const object = meter.blueprint.findByOctets(dataToNumber(classId), logicalName.v);
  if (object === undefined) return { result: 'object-unavailable' };
  if (method === ADD_OBJECT) {
    const granted = grant(meter, object, definition.index, own.model.version, params);
    return granted ? SUCCESS : { result: 'type-unmatched' };
  }
  // Without its association object an association could never be changed back.
  const isSeen = grantedRights(meter, object, definition.index) !== undefined;
  if (!isSeen || object === own) return { result: 'object-unavailable' };
  withdraw(meter, object, definition.index);
  return SUCCESS;
}

/** Association LN (class 15, Blue Book 4.4.4), versions 0 to 3. */
export const associationLn: ClassLogic = {
  selectors: { [OBJECT_LIST]: [1, 2, 3, 4] },
  read(target, attribute, selection) {
    const definition = describedBy(target);
    if (definition === undefined) return undefined;
    if (selection !== null) {
      if (attribute !== OBJECT_LIST) return undefined;
      const data = selectedList(target, definition.index, selection);
      return data === undefined ? { result: 'scope-of-access-violated' } : { data };
    }
    if (attribute > target.object.attributeCount) return undefined;
    // Secrets can be set, never read.
    if (attribute === SECRET) return { result: 'read-write-denied' };
    const data = readOne(target, definition, attribute);
    return data === undefined ? undefined : { data };
  },
  write(target, attribute, data) {
    if (attribute === SECRET) return changeSecret(target, describedBy(target), data);
    if (attribute === USER_LIST && attribute <= target.object.attributeCount)
      return areUsers(data) ? undefined : 'type-unmatched';
    return attribute <= target.object.attributeCount ? 'read-write-denied' : undefined;
  },
  invoke(target, method, params) {
    const definition = describedBy(target);
    if (method > target.object.methodCount) return undefined;
    if (method === ADD_OBJECT || method === REMOVE_OBJECT) return changeObjects(target, definition, method, params);
    if (method === ADD_USER || method === REMOVE_USER) return changeUsers(target, method === ADD_USER, params);
    if (method !== CHANGE_HLS_SECRET) return undefined;
    if (definition !== undefined && !isHls(definition)) return { result: 'object-unavailable' };
    const result = changeSecret(target, definition, params);
    return result === 'success' ? SUCCESS : { result };
  },
};
