/**
 * Access rights of the object_list of Association LN (Blue Book 4.4.4) in one neutral form for all class versions:
 * versions 0 to 2 use an enumeration, version 3 (and Association SN version 4) a mask of bits like that of the security policy.
 */

/** What protects a request or a response must have for an access to be allowed. */
export interface RequiredProtection {
  readonly authenticated: boolean;
  readonly encrypted: boolean;
  readonly signed: boolean;
}

/** Rights to one attribute. */
export interface AttributeAccess {
  readonly read: boolean;
  readonly write: boolean;
  readonly request: RequiredProtection;
  readonly response: RequiredProtection;
}

/** Right to invoke one method. */
export interface MethodAccess {
  readonly invoke: boolean;
  readonly request: RequiredProtection;
  readonly response: RequiredProtection;
}

/** Nothing required. */
export const noProtection: RequiredProtection = { authenticated: false, encrypted: false, signed: false };

/** Bits of the mask of version 3: 0 and 1 are the rights, 2 to 4 protect the request, 5 to 7 the response. */
const READ = 0x01;
const WRITE = 0x02;
const INVOKE = 0x01;
const REQUEST_SHIFT = 2;
const RESPONSE_SHIFT = 5;

/** The first Association LN version whose access modes are masks. */
export const MASK_VERSION_LN = 3;

/** Whether the access modes of an association object are bit masks: class 15 from version 3, class 12 from version 4. */
export function usesAccessMask(classId: number, version: number): boolean {
  return classId === 12 ? version >= 4 : version >= MASK_VERSION_LN;
}

function protectionFromBits(bits: number): RequiredProtection {
  return { authenticated: (bits & 1) !== 0, encrypted: (bits & 2) !== 0, signed: (bits & 4) !== 0 };
}

function protectionBits(protection: RequiredProtection): number {
  return (protection.authenticated ? 1 : 0) | (protection.encrypted ? 2 : 0) | (protection.signed ? 4 : 0);
}

const authenticatedOnly: RequiredProtection = { authenticated: true, encrypted: false, signed: false };

/** Rights without any requirement. */
export function attributeAccess(read: boolean, write: boolean): AttributeAccess {
  return { read, write, request: noProtection, response: noProtection };
}

/**
 * Reads an access_mode of an attribute. `version` is that of Association LN: up to 2 an enumeration (0 none, 1 read,
 * 2 write, 3 both, 4 to 6 the same authenticated), from 3 a mask. An enumeration value above 6 gives no access.
 */
export function decodeAttributeAccess(mode: number, version: number): AttributeAccess {
  if (version >= MASK_VERSION_LN) {
    return {
      read: (mode & READ) !== 0,
      write: (mode & WRITE) !== 0,
      request: protectionFromBits(mode >> REQUEST_SHIFT),
      response: protectionFromBits(mode >> RESPONSE_SHIFT),
    };
  }
  if (mode < 0 || mode > 6) return attributeAccess(false, false);
  const right = mode > 3 ? mode - 3 : mode;
  const protection = mode > 3 ? authenticatedOnly : noProtection;
  return { read: (right & READ) !== 0, write: (right & WRITE) !== 0, request: protection, response: protection };
}

/**
 * The access_mode of an attribute for a version of Association LN. Versions 0 to 2 cannot say "encrypted" or
 * "signed": what is more than authenticated becomes authenticated. Version 0 has no authenticated modes either.
 */
export function encodeAttributeAccess(access: AttributeAccess, version: number): number {
  const rights = (access.read ? READ : 0) | (access.write ? WRITE : 0);
  if (version >= MASK_VERSION_LN) {
    return (
      rights | (protectionBits(access.request) << REQUEST_SHIFT) | (protectionBits(access.response) << RESPONSE_SHIFT)
    );
  }
  const guarded = protectionBits(access.request) !== 0 || protectionBits(access.response) !== 0;
  return guarded && rights !== 0 && version >= 1 ? rights + 3 : rights;
}

/**
 * Reads an access_mode of a method: a boolean in version 0, 0 none / 1 access / 2 authenticated access in versions 1
 * and 2, a mask from version 3. Booleans are taken in every version, since meters send them.
 */
export function decodeMethodAccess(mode: number | boolean, version: number): MethodAccess {
  if (typeof mode === 'boolean') return { invoke: mode, request: noProtection, response: noProtection };
  if (version >= MASK_VERSION_LN) {
    return {
      invoke: (mode & INVOKE) !== 0,
      request: protectionFromBits(mode >> REQUEST_SHIFT),
      response: protectionFromBits(mode >> RESPONSE_SHIFT),
    };
  }
  const protection = mode === 2 ? authenticatedOnly : noProtection;
  return { invoke: mode === 1 || mode === 2, request: protection, response: protection };
}

/** The access_mode of a method for a version of Association LN; a boolean in version 0. */
export function encodeMethodAccess(access: MethodAccess, version: number): number | boolean {
  if (version === 0) return access.invoke;
  const invoke = access.invoke ? INVOKE : 0;
  if (version >= MASK_VERSION_LN) {
    return (
      invoke | (protectionBits(access.request) << REQUEST_SHIFT) | (protectionBits(access.response) << RESPONSE_SHIFT)
    );
  }
  const guarded = protectionBits(access.request) !== 0 || protectionBits(access.response) !== 0;
  return access.invoke && guarded ? 2 : invoke;
}

function describeProtection(access: { request: RequiredProtection; response: RequiredProtection }): string {
  const words = (protection: RequiredProtection): string[] => [
    ...(protection.authenticated ? ['authenticated'] : []),
    ...(protection.encrypted ? ['encrypted'] : []),
    ...(protection.signed ? ['signed'] : []),
  ];
  const request = words(access.request).join(' + ');
  const response = words(access.response).join(' + ');
  if (request === response) return request === '' ? '' : ` (${request})`;
  return ` (request ${request || 'open'}, response ${response || 'open'})`;
}

/** For people: `read, write (authenticated)`, `none`. */
export function describeAttributeAccess(access: AttributeAccess): string {
  const rights = [...(access.read ? ['read'] : []), ...(access.write ? ['write'] : [])];
  return rights.length === 0 ? 'none' : `${rights.join(', ')}${describeProtection(access)}`;
}

/** For people: `invoke (authenticated + encrypted)`, `none`. */
export function describeMethodAccess(access: MethodAccess): string {
  return access.invoke ? `invoke${describeProtection(access)}` : 'none';
}
