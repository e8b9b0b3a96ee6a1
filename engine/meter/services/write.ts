import { decodeApdu, encodeApdu } from '../../codec/apdu-codec.ts';
import type { Data } from '../../codec/axdr/data.ts';
import type { VariableAccess, WriteRequest } from '../../codec/xdlms/types.ts';
import { LongRequest } from './long-transfer.ts';
import { withTag } from './read.ts';
import { negotiated, type RequestContext } from './request-context.ts';
import { writeName } from './short-names.ts';

const WRITE_TAG = 0x06;

function serviceUnsupported(): Uint8Array {
  return encodeApdu({
    kind: 'confirmed-service-error',
    service: 'write',
    error: 'service',
    value: 'service-unsupported',
  });
}

/** Write service of short name referencing (GB 9.3.15, wire.md 11): the response APDU, encoded. */
export function handleWrite(context: RequestContext, request: WriteRequest): Uint8Array {
  const service = request.kind === 'write-request' ? 'write' : 'unconfirmed-write';
  if (!negotiated(context, service)) return serviceUnsupported();
  const [first] = request.list;
  if (request.list.length > 1 && !negotiated(context, 'multiple-references')) return serviceUnsupported();
  if (first !== undefined && 'write-data-block-access' in first) return addBlock(context, first, request.values[0]);
  context.association.request = undefined;
  const list = request.list.map((access, index) => writeOne(context, access, request.values[index]));
  const apdu = encodeApdu({ kind: 'write-response', list });
  return context.behaviour?.quirks.whole(apdu, request) ?? apdu;
}

function writeOne(context: RequestContext, access: VariableAccess, data: Data | undefined): string {
  if (data === undefined) return 'other-reason';
  if ('variable-name' in access) return writeName(context, access['variable-name'], null, data);
  if ('parameterized-access' in access) {
    const { name, selector, parameter } = access['parameterized-access'];
    return writeName(context, name, { selector, params: parameter }, data);
  }
  return 'other-reason';
}

/** A write request too long for one APDU: its blocks are the inside of a WriteRequest, as octet-strings. */
function addBlock(
  context: RequestContext,
  access: Extract<VariableAccess, { 'write-data-block-access': unknown }>,
  data: Data | undefined,
): Uint8Array {
  const { association } = context;
  const { last, block } = access['write-data-block-access'];
  const refuse = (result: string): Uint8Array => encodeApdu({ kind: 'write-response', list: [result] });
  if (!negotiated(context, 'block-transfer-with-set-or-write')) return serviceUnsupported();
  if (data?.t !== 'octet-string') return refuse('type-unmatched');
  if (block === 1 || association.request?.target.service !== 'write') {
    association.request = new LongRequest({ service: 'write' });
  }
  const request = association.request;
  const outcome = request.add({ last, block, raw: data.v });
  if (outcome === 'more') return encodeApdu({ kind: 'write-response', list: [{ 'block-number': block }] });
  association.request = undefined;
  if (outcome === 'wrong-number') return refuse('data-block-number-invalid');
  const decoded = outcome === 'complete' ? decodeApdu(withTag(WRITE_TAG, request.raw())) : undefined;
  if (decoded?.ok !== true || decoded.value.kind !== 'write-request') return refuse('long-set-aborted');
  const { list, values } = decoded.value;
  return encodeApdu({
    kind: 'write-response',
    list: list.map((item, index) => writeOne(context, item, values[index])),
  });
}
