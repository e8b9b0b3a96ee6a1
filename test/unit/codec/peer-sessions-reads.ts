import assert from 'node:assert/strict';
import type { Apdu } from '../../../engine/codec/apdu.ts';
import type { Data } from '../../../engine/codec/axdr/data.ts';
import { decodeData } from '../../../engine/codec/axdr/decode-data.ts';
import { logicalNameToText } from '../../../engine/codec/xdlms/logical-name.ts';
import type {
  GetDataResult,
  GetRequest,
  GetResponse,
  ReadRequest,
  ReadResponse,
} from '../../../engine/codec/xdlms/types.ts';
import type { Dialogue } from './peer-sessions-dialogue.ts';

/** One read; `key` is `A-B:C.D.E.F#n`. */
export interface AttributeRead {
  readonly key: string;
  readonly result: GetDataResult;
}

/** What a session read and did, in the order of its requests. */
export interface SessionReads {
  /** Whole attributes in the order they were read. */
  readonly attributes: readonly AttributeRead[];
  /** Reads with access selection. */
  readonly selective: readonly GetDataResult[];
  /** Results of requests for several attributes. */
  readonly lists: readonly (readonly GetDataResult[])[];
  /** Result texts of SET or Write, and of ACTION. */
  readonly set: readonly string[];
  readonly action: readonly string[];
  /** Data of ACCESS responses. */
  readonly access: readonly (readonly Data[])[];
}

type MutableReads = {
  attributes: AttributeRead[];
  selective: GetDataResult[];
  lists: (readonly GetDataResult[])[];
  set: string[];
  action: string[];
  access: (readonly Data[])[];
};

/** Pairs requests with responses. Block transfer of GET is put together; GBT has been already. */
export function readsOf(dialogue: Dialogue): SessionReads {
  const reads: MutableReads = { attributes: [], selective: [], lists: [], set: [], action: [], access: [] };
  const names = new ShortNames();
  let request: Apdu | undefined;
  let blocks: number[] = [];
  for (const { direction, apdu } of dialogue.apdus) {
    if (direction === 'TX') {
      if (asksForNextBlock(apdu)) continue;
      request = apdu;
      blocks = [];
    } else if (request?.kind === 'get-request' && apdu.kind === 'get-response') {
      if (apdu.type === 'with-datablock' && 'raw' in apdu) {
        blocks.push(...apdu.raw);
        if (apdu.last) addGet(reads, request, { data: dataOfBlocks(blocks) });
      } else addGet(reads, request, apdu);
    } else if (request?.kind === 'read-request' && apdu.kind === 'read-response') {
      const [result] = apdu.list;
      if (result !== undefined && 'data-block-result' in result) {
        const block = result['data-block-result'];
        blocks.push(...block.raw);
        // The servers of these sessions cut the Data itself, not the list of results that GB 9.5 has in the blocks.
        if (block.last) addRead(reads, names, request, [{ data: dataOfBlocks(blocks) }]);
      } else addRead(reads, names, request, apdu.list);
    } else if (apdu.kind === 'set-response' && apdu.type === 'normal') reads.set.push(apdu.result);
    else if (apdu.kind === 'write-response') addWrite(reads, apdu);
    else if (apdu.kind === 'action-response' && apdu.type === 'normal') reads.action.push(apdu.result);
    else if (apdu.kind === 'access-response') reads.access.push(apdu.data);
  }
  return reads;
}

function asksForNextBlock(apdu: Apdu): boolean {
  if (apdu.kind === 'get-request') return apdu.type === 'next';
  const first = apdu.kind === 'read-request' ? apdu.list[0] : undefined;
  return first !== undefined && 'block-number-access' in first;
}

/** A server of the sessions sends octets behind the last block as well. */
function dataOfBlocks(blocks: readonly number[]): Data {
  const decoded = decodeData(Uint8Array.from(blocks), { allowTrailing: true });
  assert.ok(decoded.ok);
  return decoded.value;
}

function addGet(reads: MutableReads, request: GetRequest, response: GetResponse | GetDataResult): void {
  if (request.type === 'with-list') {
    assert.ok('list' in response);
    reads.lists.push(response.list);
    return;
  }
  if (request.type !== 'normal') return;
  assert.ok('data' in response || 'result' in response);
  const result: GetDataResult = 'data' in response ? { data: response.data } : { result: response.result };
  if (request.selective !== null) reads.selective.push(result);
  else reads.attributes.push({ key: `${request.attr.obis}#${request.attr.index}`, result });
}

function addRead(reads: MutableReads, names: ShortNames, request: ReadRequest, answers: ReadResponse['list']): void {
  const results = answers.map((result): GetDataResult => {
    assert.ok('data' in result || 'result' in result);
    return result;
  });
  const [access] = request.list;
  const [result] = results;
  assert.ok(access !== undefined && result !== undefined && request.list.length === results.length);
  if (request.list.length > 1) reads.lists.push(results);
  else if ('parameterized-access' in access) reads.selective.push(result);
  else {
    assert.ok('variable-name' in access);
    if (access['variable-name'] === OBJECT_LIST && 'data' in result) names.learn(result.data);
    reads.attributes.push({ key: names.attributeOf(access['variable-name']), result });
  }
}

/** WriteResponse answers both attributes written and methods called; the sessions do one of each, in this order. */
function addWrite(reads: MutableReads, response: Extract<Apdu, { kind: 'write-response' }>): void {
  const [result] = response.list;
  assert.ok(typeof result === 'string');
  (reads.set.length === 0 ? reads.set : reads.action).push(result);
}

/** Short name of attribute 2 of the current association. */
export const OBJECT_LIST = 0xfa08;

/** Objects by their base names, from the object list of the association. */
export class ShortNames {
  #objects: { base: number; obis: string }[] = [{ base: 0xfa00, obis: '0-0:40.0.0.255' }];

  learn(list: Data): void {
    assert.ok(list.t === 'array');
    this.#objects = list.v.map((element) => {
      assert.ok(element.t === 'structure');
      const [base, , , name] = element.v;
      assert.ok(base?.t === 'long' && name?.t === 'octet-string');
      return { base: base.v & 0xffff, obis: logicalNameToText(name.v) };
    });
  }

  /** `obis#n`: attribute n stands 8 * (n - 1) behind the base name. */
  attributeOf(name: number): string {
    let nearest = this.#objects[0];
    for (const object of this.#objects) {
      if (object.base <= name && (nearest === undefined || nearest.base > name || object.base > nearest.base)) {
        nearest = object;
      }
    }
    assert.ok(nearest !== undefined && nearest.base <= name);
    return `${nearest.obis}#${(name - nearest.base) / 8 + 1}`;
  }
}
