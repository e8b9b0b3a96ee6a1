import { DATA_ACCESS_RESULTS } from '../xdlms/results.ts';
import type { GetRequest, GetResponse } from '../xdlms/types.ts';
import {
  readAttributeListXml,
  readAttributeXml,
  readGetDataResultXml,
  readInvokeXml,
  readResultElement,
  readSelectionXml,
  writeAttributeListXml,
  writeAttributeXml,
  writeGetDataResultXml,
  writeInvokeXml,
  writeSelectionXml,
} from './descriptor-xml.ts';
import type { ElementReader } from './element-reader.ts';
import type { XmlWriter } from './xml-writer.ts';

const REQUESTS = { normal: 'GetRequestNormal', next: 'GetRequestForNextDataBlock', 'with-list': 'GetRequestWithList' };
const RESPONSES = {
  normal: 'GetResponseNormal',
  'with-datablock': 'GetResponseWithDataBlock',
  'with-list': 'GetResponseWithList',
};

export function writeGetRequestXml(w: XmlWriter, apdu: GetRequest): void {
  w.element('GetRequest', () =>
    w.element(REQUESTS[apdu.type], () => {
      writeInvokeXml(w, apdu.invoke);
      switch (apdu.type) {
        case 'normal':
          writeAttributeXml(w, apdu.attr);
          writeSelectionXml(w, apdu.selective);
          break;
        case 'next':
          w.number('BlockNumber', apdu.block, 4);
          break;
        case 'with-list':
          writeAttributeListXml(w, apdu.list);
          break;
      }
    }),
  );
}

export function readGetRequestXml(x: ElementReader): GetRequest {
  return x.only(Object.values(REQUESTS).join(', '), (service) => {
    const head = { kind: 'get-request', invoke: readInvokeXml(service) } as const;
    if (service.is(REQUESTS.normal)) {
      return { ...head, type: 'normal', attr: readAttributeXml(service), selective: readSelectionXml(service) };
    }
    if (service.is([REQUESTS.next, 'GetRequestNext'])) {
      return { ...head, type: 'next', block: service.child('BlockNumber', (value) => value.number(4)) };
    }
    if (service.is(REQUESTS['with-list'])) return { ...head, type: 'with-list', list: readAttributeListXml(service) };
    return service.fail('unknown-element', service.name, Object.values(REQUESTS).join(', '));
  });
}

export function writeGetResponseXml(w: XmlWriter, apdu: GetResponse): void {
  w.element('GetResponse', () =>
    w.element(RESPONSES[apdu.type], () => {
      writeInvokeXml(w, apdu.invoke);
      switch (apdu.type) {
        case 'normal':
          w.element('Result', () => writeGetDataResultXml(w, apdu));
          break;
        case 'with-datablock':
          w.element('Result', () => writeBlock(w, apdu));
          break;
        case 'with-list':
          w.list('Result', apdu.list, (result) => writeGetDataResultXml(w, result));
          break;
      }
    }),
  );
}

type Block = Extract<GetResponse, { type: 'with-datablock' }>;

/** Here the raw data or what stands in its place is a result of its own inside of the block. */
function writeBlock(w: XmlWriter, apdu: Block): void {
  w.boolean('LastBlock', apdu.last);
  w.number('BlockNumber', apdu.block, 4);
  w.element('Result', () => {
    if ('raw' in apdu) w.octets('RawData', apdu.raw);
    else w.enumerated('DataAccessError', DATA_ACCESS_RESULTS, apdu.result);
  });
}

export function readGetResponseXml(x: ElementReader): GetResponse {
  return x.only(Object.values(RESPONSES).join(', '), (service) => {
    const head = { kind: 'get-response', invoke: readInvokeXml(service) } as const;
    if (service.is(RESPONSES.normal)) {
      return { ...head, type: 'normal', ...service.child('Result', readGetDataResultXml) };
    }
    if (service.is(RESPONSES['with-datablock'])) {
      return { ...head, type: 'with-datablock', ...service.child('Result', readBlock) };
    }
    if (service.is(RESPONSES['with-list'])) {
      return { ...head, type: 'with-list', list: service.child('Result', (list) => list.list(readResultElement)) };
    }
    return service.fail('unknown-element', service.name, Object.values(RESPONSES).join(', '));
  });
}

function readBlock(x: ElementReader): { last: boolean; block: number } & ({ raw: Uint8Array } | { result: string }) {
  const last = x.child('LastBlock', (value) => value.boolean());
  const block = x.child('BlockNumber', (value) => value.number(4));
  const result = x.child('Result', (inside) =>
    inside.only('RawData or DataAccessError', (value) =>
      value.is('RawData') ? { raw: value.octets() } : { result: value.enumerated(DATA_ACCESS_RESULTS) },
    ),
  );
  return { last, block, ...result };
}
