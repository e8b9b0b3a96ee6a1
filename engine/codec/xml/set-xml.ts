import { DATA_ACCESS_RESULTS } from '../xdlms/results.ts';
import type { SetRequest, SetResponse } from '../xdlms/types.ts';
import { readDataXml, writeDataXml } from './data-xml.ts';
import {
  readAttributeListXml,
  readAttributeXml,
  readBlockXml,
  readDataResultXml,
  readInvokeXml,
  readSelectionXml,
  writeAttributeListXml,
  writeAttributeXml,
  writeBlockXml,
  writeDataResultXml,
  writeInvokeXml,
  writeSelectionXml,
} from './descriptor-xml.ts';
import type { ElementReader } from './element-reader.ts';
import type { XmlWriter } from './xml-writer.ts';

const REQUESTS = {
  normal: ['SetRequestNormal'],
  'with-first-datablock': ['SetRequestWithFirstDataBlock', 'SetRequestFirstDataBlock'],
  'with-datablock': ['SetRequestWithDataBlock'],
  'with-list': ['SetRequestNormalWithList', 'SetRequestWithList'],
  'with-list-and-first-datablock': ['SetRequestWithListAndFirstDataBlock'],
} as const;
const RESPONSES = {
  normal: ['SetResponseNormal'],
  datablock: ['SetResponseForDataBlock', 'SetResponseDataBlock'],
  'last-datablock': ['SetResponseForLastDataBlock', 'SetResponseWithLastDataBlock'],
  'last-datablock-with-list': ['SetResponseForLastDataBlockWithList'],
  'with-list': ['SetResponseWithList'],
} as const;

export function writeSetRequestXml(w: XmlWriter, apdu: SetRequest): void {
  w.element('SetRequest', () =>
    w.element(REQUESTS[apdu.type][0], () => {
      writeInvokeXml(w, apdu.invoke);
      if ('attr' in apdu) {
        writeAttributeXml(w, apdu.attr);
        writeSelectionXml(w, apdu.selective);
      }
      if ('list' in apdu) writeAttributeListXml(w, apdu.list);
      if ('raw' in apdu) w.element('DataBlock', () => writeBlockXml(w, apdu));
      if ('data' in apdu) w.element('Value', () => writeDataXml(w, apdu.data));
      if ('values' in apdu) w.list('ValueList', apdu.values, (value) => writeDataXml(w, value));
    }),
  );
}

export function readSetRequestXml(x: ElementReader): SetRequest {
  return x.only('the choice of a SetRequest', (service) => {
    const head = { kind: 'set-request', invoke: readInvokeXml(service) } as const;
    if (service.is(REQUESTS.normal)) {
      const attribute = { attr: readAttributeXml(service), selective: readSelectionXml(service) };
      return {
        ...head,
        type: 'normal',
        ...attribute,
        data: service.child('Value', (v) => v.only('a Data', readDataXml)),
      };
    }
    if (service.is(REQUESTS['with-first-datablock'])) {
      const attribute = { attr: readAttributeXml(service), selective: readSelectionXml(service) };
      return {
        ...head,
        type: 'with-first-datablock',
        ...attribute,
        ...service.child('DataBlock', (b) => readBlockXml(b)),
      };
    }
    if (service.is(REQUESTS['with-datablock'])) {
      return { ...head, type: 'with-datablock', ...service.child('DataBlock', (b) => readBlockXml(b)) };
    }
    if (service.is(REQUESTS['with-list'])) {
      const list = readAttributeListXml(service);
      return { ...head, type: 'with-list', list, values: service.child('ValueList', (v) => v.list(readDataXml)) };
    }
    if (service.is(REQUESTS['with-list-and-first-datablock'])) {
      const list = readAttributeListXml(service);
      const block = service.child('DataBlock', (b) => readBlockXml(b));
      return { ...head, type: 'with-list-and-first-datablock', list, ...block };
    }
    return service.fail('unknown-element', service.name, 'the choice of a SetRequest');
  });
}

export function writeSetResponseXml(w: XmlWriter, apdu: SetResponse): void {
  w.element('SetResponse', () =>
    w.element(RESPONSES[apdu.type][0], () => {
      writeInvokeXml(w, apdu.invoke);
      if ('result' in apdu) writeDataResultXml(w, apdu.result);
      if ('results' in apdu) w.list('Result', apdu.results, (result) => writeListed(w, result));
      if ('block' in apdu) w.number('BlockNumber', apdu.block, 4);
    }),
  );
}

function writeListed(w: XmlWriter, result: string): void {
  w.enumerated('DataAccessResult', DATA_ACCESS_RESULTS, result);
}

export function readSetResponseXml(x: ElementReader): SetResponse {
  return x.only('the choice of a SetResponse', (service) => {
    const head = { kind: 'set-response', invoke: readInvokeXml(service) } as const;
    if (service.is(RESPONSES.normal)) return { ...head, type: 'normal', result: readDataResultXml(service) };
    if (service.is(RESPONSES['with-list'])) return { ...head, type: 'with-list', results: readListed(service) };
    if (service.is(RESPONSES.datablock)) return { ...head, type: 'datablock', block: readBlockNumber(service) };
    if (service.is(RESPONSES['last-datablock'])) {
      const result = readDataResultXml(service);
      return { ...head, type: 'last-datablock', result, block: readBlockNumber(service) };
    }
    if (service.is(RESPONSES['last-datablock-with-list'])) {
      const results = readListed(service);
      return { ...head, type: 'last-datablock-with-list', results, block: readBlockNumber(service) };
    }
    return service.fail('unknown-element', service.name, 'the choice of a SetResponse');
  });
}

function readListed(x: ElementReader): string[] {
  return x.child('Result', (list) => list.list((result) => result.enumerated(DATA_ACCESS_RESULTS)));
}

function readBlockNumber(x: ElementReader): number {
  return x.child('BlockNumber', (value) => value.number(4));
}
