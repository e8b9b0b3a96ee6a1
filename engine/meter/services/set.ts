import { encodeApdu } from '../../codec/apdu-codec.ts';
import type { Data } from '../../codec/axdr/data.ts';
import { decodeData } from '../../codec/axdr/decode-data.ts';
import type { DataBlock, InvokeIdAndPriority, SetRequest, SetResponse } from '../../codec/xdlms/types.ts';
import { setAttribute } from './attribute-service.ts';
import { NOT_NEGOTIATED } from './errors.ts';
import { LongRequest } from './long-transfer.ts';
import { negotiated, type RequestContext } from './request-context.ts';

const STRUCTURE_TAG = 0x02;

/** SET service (GB 9.3.7, 9.4.6.6): the response APDU, encoded. */
export function handleSet(context: RequestContext, request: SetRequest): Uint8Array {
  if (!negotiated(context, 'set')) return NOT_NEGOTIATED;
  const { association } = context;
  const { invoke } = request;
  if (request.type !== 'with-datablock') association.request = undefined;
  switch (request.type) {
    case 'normal': {
      if (request.selective !== null && !negotiated(context, 'selective-access')) return NOT_NEGOTIATED;
      const result = setAttribute(context, request.attr, request.selective, request.data);
      return encodeApdu({ kind: 'set-response', type: 'normal', invoke, result });
    }
    case 'with-list': {
      if (!negotiated(context, 'multiple-references') || context.behaviour?.habits.refusesLists === true) {
        return NOT_NEGOTIATED;
      }
      const results = request.list.map((item, index) => setItem(context, item, request.values[index]));
      return encodeApdu({ kind: 'set-response', type: 'with-list', invoke, results });
    }
    case 'with-first-datablock': {
      if (!negotiated(context, 'block-transfer-with-set-or-write')) return NOT_NEGOTIATED;
      const list = [{ ...request.attr, selective: request.selective }];
      association.request = new LongRequest({ service: 'set', list, single: true });
      return addBlock(context, invoke, association.request, request);
    }
    case 'with-list-and-first-datablock': {
      const both =
        negotiated(context, 'block-transfer-with-set-or-write') && negotiated(context, 'multiple-references');
      if (!both) return NOT_NEGOTIATED;
      association.request = new LongRequest({ service: 'set', list: request.list, single: false });
      return addBlock(context, invoke, association.request, request);
    }
    case 'with-datablock':
      if (association.request?.target.service !== 'set') {
        return lastBlock(invoke, request.block, 'no-long-set-in-progress');
      }
      return addBlock(context, invoke, association.request, request);
  }
}

function setItem(
  context: RequestContext,
  item: Extract<SetRequest, { type: 'with-list' }>['list'][number],
  data: Data | undefined,
): string {
  return data === undefined ? 'other-reason' : setAttribute(context, item, item.selective, data);
}

function lastBlock(invoke: InvokeIdAndPriority, block: number, result: string): Uint8Array {
  return encodeApdu({ kind: 'set-response', type: 'last-datablock', invoke, result, block });
}

/** Takes a block and acknowledges it; after the last one the data are written. */
function addBlock(
  context: RequestContext,
  invoke: InvokeIdAndPriority,
  request: LongRequest,
  block: DataBlock,
): Uint8Array {
  const outcome = request.add(block);
  if (outcome === 'more') {
    return encodeApdu({ kind: 'set-response', type: 'datablock', invoke, block: block.block });
  }
  context.association.request = undefined;
  if (outcome === 'wrong-number') return lastBlock(invoke, block.block, 'data-block-number-invalid');
  if (outcome === 'too-long') return lastBlock(invoke, block.block, 'long-set-aborted');
  return encodeApdu(written(context, invoke, request, block.block));
}

function written(
  context: RequestContext,
  invoke: InvokeIdAndPriority,
  request: LongRequest,
  block: number,
): SetResponse {
  const head = { kind: 'set-response', invoke, block } as const;
  const { target } = request;
  const list = target.service === 'set' ? target.list : [];
  const first = list[0];
  if (target.service === 'set' && target.single && first !== undefined) {
    const decoded = decodeData(request.raw());
    const result = decoded.ok ? setAttribute(context, first, first.selective, decoded.value) : 'type-unmatched';
    return { ...head, type: 'last-datablock', result };
  }
  const values = dataList(request.raw());
  return {
    ...head,
    type: 'last-datablock-with-list',
    results: list.map((item, i) => setItem(context, item, values[i])),
  };
}

/** `SEQUENCE OF Data` is coded like the inside of a structure; empty if the octets are none. */
export function dataList(raw: Uint8Array): readonly Data[] {
  const structure = new Uint8Array(raw.length + 1);
  structure[0] = STRUCTURE_TAG;
  structure.set(raw, 1);
  const decoded = decodeData(structure);
  return decoded.ok && decoded.value.t === 'structure' ? decoded.value.v : [];
}
