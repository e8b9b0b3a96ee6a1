import type { Aarq } from '../../../../engine/codec/acse/types.ts';
import type { Apdu } from '../../../../engine/codec/apdu.ts';
import { encodeApdu } from '../../../../engine/codec/apdu-codec.ts';
import type { Data } from '../../../../engine/codec/axdr/data.ts';
import { fromHex, toHex } from '../../../../engine/codec/hex.ts';
import { invokeIdAndPriority } from '../../../../engine/codec/xdlms/invoke.ts';
import type { SelectiveAccess } from '../../../../engine/codec/xdlms/types.ts';
import { obisToOctets } from '../../../../engine/cosem/obis/obis.ts';

const LN = [
  'get',
  'set',
  'action',
  'access',
  'selective-access',
  'multiple-references',
  'block-transfer-with-get-or-read',
  'block-transfer-with-set-or-write',
  'block-transfer-with-action',
];
export const WITHOUT_BLOCKS = ['get', 'set', 'action'];
const SN = ['read', 'write', 'multiple-references', 'parameterized-access', 'block-transfer-with-get-or-read'];
const INVOKE = invokeIdAndPriority(1);

const hex = (apdu: Apdu): string => toHex(encodeApdu(apdu));

/** AARQ in hex: plain, LN, everything proposed, unless the parts say otherwise. */
export function aarq(conformance: readonly string[] = LN, part: Partial<Aarq> = {}, maxPdu = 1024): string {
  const { applicationContext = 'ln' } = part;
  return hex({
    kind: 'aarq',
    userInformation: {
      kind: 'initiate-request',
      dedicatedKey: null,
      responseAllowed: true,
      proposedQoS: null,
      dlmsVersion: 6,
      conformance: [...conformance],
      maxPdu,
    },
    ...part,
    applicationContext,
  });
}

export const AARQ_SN = aarq(SN, { applicationContext: 'sn' });
export const RLRQ = hex({ kind: 'rlrq', reason: 'normal' });

export function get(classId: number, obis: string, index = 2, selective: SelectiveAccess | null = null): string {
  return hex({ kind: 'get-request', type: 'normal', invoke: INVOKE, attr: { class: classId, obis, index }, selective });
}

export function getList(...names: readonly (readonly [classId: number, obis: string])[]): string {
  const list = names.map(([classId, obis]) => ({ class: classId, obis, index: 2, selective: null }));
  return hex({ kind: 'get-request', type: 'with-list', invoke: INVOKE, list });
}

export function next(block: number): string {
  return hex({ kind: 'get-request', type: 'next', invoke: INVOKE, block });
}

export function set(classId: number, obis: string, data: Data): string {
  const attr = { class: classId, obis, index: 2 };
  return hex({ kind: 'set-request', type: 'normal', invoke: INVOKE, attr, selective: null, data });
}

export function action(classId: number, obis: string, index: number, params: Data): string {
  return hex({
    kind: 'action-request',
    type: 'normal',
    invoke: INVOKE,
    method: { class: classId, obis, index },
    params,
  });
}

/** Range of a profile by an object's attribute 2: the hours of one day of November 2026, local time. */
export function range(classId: number, obis: string, day: number, from: number, to: number): SelectiveAccess {
  const hour = (value: number): Data => ({
    t: 'octet-string',
    v: fromHex(`07ea0b${day.toString(16).padStart(2, '0')}ff${value.toString(16).padStart(2, '0')}000000ffc400`),
  });
  return {
    selector: 1,
    params: {
      t: 'structure',
      v: [
        {
          t: 'structure',
          v: [
            { t: 'long-unsigned', v: classId },
            { t: 'octet-string', v: obisToOctets(obis) },
            { t: 'integer', v: 2 },
            { t: 'long-unsigned', v: 0 },
          ],
        },
        hour(from),
        hour(to),
        { t: 'array', v: [] },
      ],
    },
  };
}

export function read(...names: readonly number[]): string {
  return hex({ kind: 'read-request', list: names.map((name) => ({ 'variable-name': name })) });
}

export function write(name: number, data: Data): string {
  return hex({ kind: 'write-request', list: [{ 'variable-name': name }], values: [data] });
}
