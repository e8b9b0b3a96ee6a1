import { ACTION_RESULTS, DATA_ACCESS_RESULTS } from '../xdlms/results.ts';
import type { AccessOutcome, AccessRequest, AccessResponse, AccessSpecification } from '../xdlms/types.ts';
import { readDataXml, writeDataXml } from './data-xml.ts';
import {
  readAttributeXml,
  readDateTimeXml,
  readLongInvokeXml,
  readMethodXml,
  readSelectionXml,
  writeAttributeXml,
  writeDateTimeXml,
  writeLongInvokeXml,
  writeMethodXml,
  writeSelectionXml,
} from './descriptor-xml.ts';
import type { ElementReader } from './element-reader.ts';
import type { XmlWriter } from './xml-writer.ts';

const OPERATIONS: Readonly<Record<AccessSpecification['op'], string>> = {
  get: 'AccessRequestGet',
  set: 'AccessRequestSet',
  action: 'AccessRequestAction',
  'get-with-selection': 'AccessRequestGetWithSelection',
  'set-with-selection': 'AccessRequestSetWithSelection',
};
const SPECIFICATIONS = 'ListOfAccessRequestSpecification';
const OUTCOMES = 'ListOfAccessResponseSpecification';
const DATA_LISTS = ['ListOfData', 'ValueList'];

export function writeAccessRequestXml(w: XmlWriter, apdu: AccessRequest): void {
  w.element('AccessRequest', () => {
    writeLongInvokeXml(w, apdu.longInvokeId);
    writeDateTimeXml(w, apdu.dateTime);
    w.element('AccessRequestBody', () => {
      writeSpecifications(w, apdu.spec);
      w.list(DATA_LISTS[0]!, apdu.data, (data) => writeDataXml(w, data));
    });
  });
}

export function readAccessRequestXml(x: ElementReader): AccessRequest {
  const head = { longInvokeId: readLongInvokeXml(x), dateTime: readDateTimeXml(x) };
  return x.child('AccessRequestBody', (body) => {
    const spec = readSpecifications(body);
    return { kind: 'access-request', ...head, spec, data: body.child(DATA_LISTS, (list) => list.list(readDataXml)) };
  });
}

function writeSpecifications(w: XmlWriter, list: readonly AccessSpecification[]): void {
  w.list(SPECIFICATIONS, list, (spec) =>
    w.element(OPERATIONS[spec.op], () => {
      if (spec.op === 'action') writeMethodXml(w, spec);
      else writeAttributeXml(w, spec);
      if (spec.selective !== undefined) writeSelectionXml(w, spec.selective);
    }),
  );
}

function readSpecifications(x: ElementReader): AccessSpecification[] {
  return x.child(SPECIFICATIONS, (list) => list.list(readSpecification));
}

function readSpecification(x: ElementReader): AccessSpecification {
  if (x.is('AccessRequestSpecification')) return x.only('an operation', readSpecification);
  const op = (Object.keys(OPERATIONS) as AccessSpecification['op'][]).find((key) => x.is(OPERATIONS[key]));
  if (op === undefined) return x.fail('unknown-element', x.name, Object.values(OPERATIONS).join(', '));
  const descriptor = op === 'action' ? readMethodXml(x) : readAttributeXml(x);
  const selective = readSelectionXml(x);
  return selective === null ? { op, ...descriptor } : { op, ...descriptor, selective };
}

export function writeAccessResponseXml(w: XmlWriter, apdu: AccessResponse): void {
  w.element('AccessResponse', () => {
    writeLongInvokeXml(w, apdu.longInvokeId);
    writeDateTimeXml(w, apdu.dateTime);
    w.element('AccessResponseBody', () => {
      if (apdu.spec !== null) writeSpecifications(w, apdu.spec);
      w.list(DATA_LISTS[0]!, apdu.data, (data) => writeDataXml(w, data));
      w.list(OUTCOMES, apdu.results, (outcome) => writeOutcome(w, outcome));
    });
  });
}

function writeOutcome(w: XmlWriter, outcome: AccessOutcome): void {
  if ('get' in outcome) {
    w.element('AccessResponseGet', () => w.enumerated('Result', DATA_ACCESS_RESULTS, outcome.get));
  } else if ('set' in outcome) {
    w.element('AccessResponseSet', () => w.enumerated('Result', DATA_ACCESS_RESULTS, outcome.set));
  } else w.element('AccessResponseAction', () => w.enumerated('Result', ACTION_RESULTS, outcome.action));
}

export function readAccessResponseXml(x: ElementReader): AccessResponse {
  const head = { longInvokeId: readLongInvokeXml(x), dateTime: readDateTimeXml(x) };
  return x.child('AccessResponseBody', (body) => {
    const spec = body.has(SPECIFICATIONS) ? readSpecifications(body) : null;
    const data = body.child(DATA_LISTS, (list) => list.list(readDataXml));
    const results = body.child(OUTCOMES, (list) => list.list(readOutcome));
    return { kind: 'access-response', ...head, spec, data, results };
  });
}

function readOutcome(x: ElementReader): AccessOutcome {
  if (x.is('AccessResponseSpecification')) return x.only('a result', readOutcome);
  if (x.is('AccessResponseGet')) return { get: x.child('Result', (value) => value.enumerated(DATA_ACCESS_RESULTS)) };
  if (x.is('AccessResponseSet')) return { set: x.child('Result', (value) => value.enumerated(DATA_ACCESS_RESULTS)) };
  if (x.is('AccessResponseAction')) return { action: x.child('Result', (value) => value.enumerated(ACTION_RESULTS)) };
  return x.fail('unknown-element', x.name, 'AccessResponseGet, AccessResponseSet or AccessResponseAction');
}
