import type { Data } from '../../codec/axdr/data.ts';
import type { SelectiveAccess } from '../../codec/xdlms/types.ts';
import { formatObis } from '../../cosem/obis/obis.ts';
import type { CosemObject } from '../blueprint.ts';
import { dataToNumber } from '../values/value.ts';
import { changeSecret } from './association-ln.ts';
import { areUsers, changeUsers, currentUser, describedBy } from './association-users.ts';
import { type ClassLogic, SUCCESS, type Target } from './class-logic.ts';
import { accessRights, listElementSn, sharedList, signedShortName, visibleObjects } from './object-list.ts';
import { securitySetupReference } from './xdlms-context.ts';

const OBJECT_LIST = 2;
const ACCESS_RIGHTS_LIST = 3;
const SECURITY_SETUP = 4;
const USER_LIST = 5;
const CURRENT_USER = 6;
const CHANGE_SECRET = 5;
/** change_HLS_secret of version 0, whose change_LLS_secret is the change_secret of later versions. */
const CHANGE_HLS_SECRET = 6;
const ADD_USER = 9;
const REMOVE_USER = 10;
/** Access modes of Association SN are masks from version 4 on, like those of Association LN from version 3 on. */
const MASKS_FROM = 4;

function namedObjects(target: Target, association: number): readonly CosemObject[] {
  return visibleObjects(target.meter, association).filter(({ model }) => model.baseName !== undefined);
}

function wholeList(target: Target, association: number): Data {
  return sharedList(target.meter, `sn/${association}`, () => ({
    t: 'array',
    v: namedObjects(target, association).map(listElementSn),
  }));
}

function accessRightsList(target: Target, association: number): Data {
  const modes = target.object.model.version >= MASKS_FROM ? 3 : 2;
  return sharedList(target.meter, `sn-rights/${association}/${modes}`, () => ({
    t: 'array',
    v: namedObjects(target, association).map((object) => {
      const rights = accessRights(target.meter, object, association, modes);
      return {
        t: 'structure',
        v: [signedShortName(object.model.baseName ?? 0), ...(rights.t === 'structure' ? rights.v : [])],
      };
    }),
  }));
}

/** Selector 1 is a class id, selector 2 a class and a logical name (wire.md 10). */
function selectedList(target: Target, association: number, { selector, params }: SelectiveAccess): Data | undefined {
  const objects = namedObjects(target, association);
  if (selector === 1) {
    const wanted = dataToNumber(params);
    return { t: 'array', v: objects.filter(({ model }) => model.class === wanted).map(listElementSn) };
  }
  if (selector !== 2 || params.t !== 'structure') return undefined;
  const [classId, logicalName] = params.v;
  if (classId === undefined || logicalName?.t !== 'octet-string') return undefined;
  const obis = formatObis(logicalName.v);
  const found = objects.find(({ model, obis: own }) => model.class === dataToNumber(classId) && own === obis);
  return found === undefined ? undefined : listElementSn(found);
}

/** Association SN (class 12, Blue Book 4.4.3). reply_to_HLS_authentication is served before it comes here. */
export const associationSn: ClassLogic = {
  selectors: { [OBJECT_LIST]: [1, 2] },
  read(target, attribute, selection) {
    const definition = describedBy(target);
    if (definition === undefined) return undefined;
    if (selection !== null) {
      if (attribute !== OBJECT_LIST) return undefined;
      const data = selectedList(target, definition.index, selection);
      return data === undefined ? { result: 'scope-of-access-violated' } : { data };
    }
    if (attribute > target.object.attributeCount) return undefined;
    if (attribute === OBJECT_LIST) return { data: wholeList(target, definition.index) };
    if (attribute === ACCESS_RIGHTS_LIST) return { data: accessRightsList(target, definition.index) };
    if (attribute === SECURITY_SETUP) return { data: securitySetupReference(target, definition) };
    if (attribute === CURRENT_USER) return { data: currentUser(target, definition) };
    return undefined;
  },
  write(target, attribute, data) {
    if (attribute === USER_LIST && attribute <= target.object.attributeCount)
      return areUsers(data) ? undefined : 'type-unmatched';
    return 'read-write-denied';
  },
  invoke(target, method, params) {
    if (method > target.object.methodCount) return undefined;
    if (method === ADD_USER || method === REMOVE_USER) return changeUsers(target, method === ADD_USER, params);
    const changes = method === CHANGE_SECRET || (method === CHANGE_HLS_SECRET && target.object.model.version === 0);
    if (!changes) return undefined;
    const result = changeSecret(target, describedBy(target), params);
    return result === 'success' ? SUCCESS : { result };
  },
};
