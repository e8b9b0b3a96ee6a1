import type { ActionOutcome, ActionRequest, ActionResponse } from '../xdlms/types.ts';
import { readDataXml, writeDataXml } from './data-xml.ts';
import {
  readActionResultXml,
  readBlockXml,
  readGetDataResultXml,
  readInvokeXml,
  readMethodListXml,
  readMethodXml,
  writeActionResultXml,
  writeBlockXml,
  writeGetDataResultXml,
  writeInvokeXml,
  writeMethodListXml,
  writeMethodXml,
} from './descriptor-xml.ts';
import type { ElementReader } from './element-reader.ts';
import type { XmlWriter } from './xml-writer.ts';

const REQUESTS = {
  normal: ['ActionRequestNormal'],
  'next-pblock': ['ActionRequestNextPblock', 'ActionRequestForNextDataBlock'],
  'with-list': ['ActionRequestWithList'],
  'with-first-pblock': ['ActionRequestWithFirstPblock', 'ActionRequestWithFirstBlock'],
  'with-list-and-first-pblock': ['ActionRequestWithListAndFirstPblock'],
  'with-pblock': ['ActionRequestWithPblock'],
} as const;
const RESPONSES = {
  normal: ['ActionResponseNormal'],
  'with-pblock': ['ActionResponseWithPblock', 'ActionResponseWithFirstBlock'],
  'with-list': ['ActionResponseWithList'],
  'next-pblock': ['ActionResponseNextPblock'],
} as const;

const PARAMETERS = 'MethodInvocationParameters';
const BLOCK = ['Pblock', 'DataBlock'];

export function writeActionRequestXml(w: XmlWriter, apdu: ActionRequest): void {
  w.element('ActionRequest', () =>
    w.element(REQUESTS[apdu.type][0], () => {
      writeInvokeXml(w, apdu.invoke);
      switch (apdu.type) {
        case 'normal': {
          const { method, params } = apdu;
          writeMethodXml(w, method);
          if (params !== null) w.element(PARAMETERS, () => writeDataXml(w, params));
          break;
        }
        case 'next-pblock':
          w.number('BlockNumber', apdu.block, 4);
          break;
        case 'with-list':
          writeMethodListXml(w, apdu.list);
          w.list(PARAMETERS, apdu.params, (data) => writeDataXml(w, data));
          break;
        case 'with-first-pblock':
          writeMethodXml(w, apdu.method);
          w.element(BLOCK[0]!, () => writeBlockXml(w, apdu));
          break;
        case 'with-list-and-first-pblock':
          writeMethodListXml(w, apdu.list);
          w.element(BLOCK[0]!, () => writeBlockXml(w, apdu));
          break;
        case 'with-pblock':
          w.element(BLOCK[0]!, () => writeBlockXml(w, apdu));
          break;
      }
    }),
  );
}

export function readActionRequestXml(x: ElementReader): ActionRequest {
  return x.only('the choice of an ActionRequest', (service) => {
    const head = { kind: 'action-request', invoke: readInvokeXml(service) } as const;
    if (service.is(REQUESTS.normal)) {
      const method = readMethodXml(service);
      const params = service.optional(PARAMETERS, (p) => p.only('a Data', readDataXml)) ?? null;
      return { ...head, type: 'normal', method, params };
    }
    if (service.is(REQUESTS['next-pblock'])) {
      return { ...head, type: 'next-pblock', block: service.child('BlockNumber', (value) => value.number(4)) };
    }
    if (service.is(REQUESTS['with-list'])) {
      const list = readMethodListXml(service);
      return { ...head, type: 'with-list', list, params: service.child(PARAMETERS, (p) => p.list(readDataXml)) };
    }
    if (service.is(REQUESTS['with-first-pblock'])) {
      return { ...head, type: 'with-first-pblock', method: readMethodXml(service), ...readBlock(service) };
    }
    if (service.is(REQUESTS['with-list-and-first-pblock'])) {
      return { ...head, type: 'with-list-and-first-pblock', list: readMethodListXml(service), ...readBlock(service) };
    }
    if (service.is(REQUESTS['with-pblock'])) return { ...head, type: 'with-pblock', ...readBlock(service) };
    return service.fail('unknown-element', service.name, 'the choice of an ActionRequest');
  });
}

function readBlock(x: ElementReader): ReturnType<typeof readBlockXml> {
  return x.child(BLOCK, (block) => readBlockXml(block));
}

export function writeActionResponseXml(w: XmlWriter, apdu: ActionResponse): void {
  w.element('ActionResponse', () =>
    w.element(RESPONSES[apdu.type][0], () => {
      writeInvokeXml(w, apdu.invoke);
      switch (apdu.type) {
        case 'normal':
          writeOutcome(w, apdu);
          break;
        case 'with-pblock':
          w.element(BLOCK[0]!, () => writeBlockXml(w, apdu));
          break;
        case 'with-list':
          w.list('ListOfResponses', apdu.list, (outcome) =>
            w.element('ActionResponseWithOptionalData', () => writeOutcome(w, outcome)),
          );
          break;
        case 'next-pblock':
          w.number('BlockNumber', apdu.block, 4);
          break;
      }
    }),
  );
}

function writeOutcome(w: XmlWriter, outcome: ActionOutcome): void {
  writeActionResultXml(w, outcome.result);
  const { return: returned } = outcome;
  if (returned !== undefined) w.element('ReturnParameters', () => writeGetDataResultXml(w, returned));
}

export function readActionResponseXml(x: ElementReader): ActionResponse {
  return x.only('the choice of an ActionResponse', (service) => {
    const head = { kind: 'action-response', invoke: readInvokeXml(service) } as const;
    if (service.is(RESPONSES.normal)) return { ...head, type: 'normal', ...readOutcome(service) };
    if (service.is(RESPONSES['with-pblock'])) return { ...head, type: 'with-pblock', ...readBlock(service) };
    if (service.is(RESPONSES['with-list'])) {
      return { ...head, type: 'with-list', list: service.child('ListOfResponses', (list) => list.list(readOutcome)) };
    }
    if (service.is(RESPONSES['next-pblock'])) {
      return { ...head, type: 'next-pblock', block: service.child('BlockNumber', (value) => value.number(4)) };
    }
    return service.fail('unknown-element', service.name, 'the choice of an ActionResponse');
  });
}

function readOutcome(x: ElementReader): ActionOutcome {
  const result = readActionResultXml(x);
  const returned = x.optional('ReturnParameters', readGetDataResultXml);
  return returned === undefined ? { result } : { result, return: returned };
}
