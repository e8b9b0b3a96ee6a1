import { octetsFromText, textFromOctets } from '../axdr/text.ts';
import { DATA_ACCESS_RESULTS } from '../xdlms/results.ts';
import type {
  InformationReport,
  ReadRequest,
  ReadResponse,
  ReadResult,
  VariableAccess,
  WriteRequest,
  WriteResponse,
} from '../xdlms/types.ts';
import { readDataXml, writeDataXml } from './data-xml.ts';
import { readBlockXml, readResultElement, writeBlockXml, writeGetDataResultXml } from './descriptor-xml.ts';
import type { ElementReader } from './element-reader.ts';
import type { XmlWriter } from './xml-writer.ts';

/** Services of short-name referencing. */

const SPECIFICATIONS = 'ListOfVariableAccessSpecification';
const DATA_LIST = 'ListOfData';

export function writeReadRequestXml(w: XmlWriter, apdu: ReadRequest): void {
  w.list('ReadRequest', apdu.list, (access) => writeAccess(w, access));
}

export function readReadRequestXml(x: ElementReader): ReadRequest {
  return { kind: 'read-request', list: x.list(readAccess) };
}

function writeAccess(w: XmlWriter, access: VariableAccess): void {
  if ('variable-name' in access) w.number('VariableName', access['variable-name'], 2);
  else if ('parameterized-access' in access) {
    const { name, selector, parameter } = access['parameterized-access'];
    w.element('ParameterisedAccess', () => {
      w.number('VariableName', name, 2);
      w.number('Selector', selector, 1);
      w.element('Parameter', () => writeDataXml(w, parameter));
    });
  } else if ('block-number-access' in access) {
    w.element('BlockNumberAccess', () => w.number('BlockNumber', access['block-number-access'], 2));
  } else if ('read-data-block-access' in access) {
    w.element('ReadDataBlockAccess', () => writeBlockXml(w, access['read-data-block-access'], 2));
  } else {
    const { last, block } = access['write-data-block-access'];
    w.element('WriteDataBlockAccess', () => {
      w.boolean('LastBlock', last);
      w.number('BlockNumber', block, 2);
    });
  }
}

function readAccess(x: ElementReader): VariableAccess {
  if (x.is('VariableName')) return { 'variable-name': x.number(2) };
  if (x.is(['ParameterisedAccess', 'ParameterizedAccess'])) {
    const name = x.child('VariableName', (value) => value.number(2));
    const selector = x.child('Selector', (value) => value.number(1));
    const parameter = x.child('Parameter', (value) => value.only('a Data', readDataXml));
    return { 'parameterized-access': { name, selector, parameter } };
  }
  if (x.is('BlockNumberAccess')) {
    return { 'block-number-access': x.child('BlockNumber', (value) => value.number(2)) };
  }
  if (x.is('ReadDataBlockAccess')) return { 'read-data-block-access': readBlockXml(x, 2) };
  if (x.is('WriteDataBlockAccess')) {
    const last = x.child('LastBlock', (value) => value.boolean());
    return { 'write-data-block-access': { last, block: x.child('BlockNumber', (value) => value.number(2)) } };
  }
  return x.fail('unknown-element', x.name, 'a variable access specification');
}

export function writeReadResponseXml(w: XmlWriter, apdu: ReadResponse): void {
  w.list('ReadResponse', apdu.list, (result) => {
    if ('data-block-result' in result) {
      w.element('DataBlockResult', () => writeBlockXml(w, result['data-block-result'], 2));
    } else if ('block-number' in result) w.number('BlockNumber', result['block-number'], 2);
    else writeGetDataResultXml(w, result);
  });
}

export function readReadResponseXml(x: ElementReader): ReadResponse {
  return { kind: 'read-response', list: x.list(readReadResult) };
}

function readReadResult(x: ElementReader): ReadResult {
  if (x.is('DataBlockResult')) return { 'data-block-result': readBlockXml(x, 2) };
  if (x.is('BlockNumber')) return { 'block-number': x.number(2) };
  return readResultElement(x);
}

const WRITE_NAMES = {
  'write-request': ['WriteRequest'],
  'unconfirmed-write-request': ['UnconfirmedWriteRequest'],
} as const;

export function writeWriteRequestXml(w: XmlWriter, apdu: WriteRequest): void {
  w.element(WRITE_NAMES[apdu.kind][0], () => writeAccessAndData(w, apdu));
}

function writeAccessAndData(w: XmlWriter, { list, values }: Pick<WriteRequest, 'list' | 'values'>): void {
  w.list(SPECIFICATIONS, list, (access) => writeAccess(w, access));
  w.list(DATA_LIST, values, (value) => writeDataXml(w, value));
}

export function readWriteRequestXml(x: ElementReader, kind: WriteRequest['kind']): WriteRequest {
  return { kind, ...readAccessAndData(x) };
}

function readAccessAndData(x: ElementReader): Pick<WriteRequest, 'list' | 'values'> {
  const list = x.child(SPECIFICATIONS, (specifications) => specifications.list(readAccess));
  return { list, values: x.child(DATA_LIST, (values) => values.list(readDataXml)) };
}

export function writeWriteResponseXml(w: XmlWriter, apdu: WriteResponse): void {
  w.list('WriteResponse', apdu.list, (result) => {
    if (result === 'success') w.empty('Success');
    else if (typeof result === 'string') w.enumerated('DataAccessError', DATA_ACCESS_RESULTS, result);
    else w.number('BlockNumber', result['block-number'], 2);
  });
}

export function readWriteResponseXml(x: ElementReader): WriteResponse {
  const list = x.list((result) => {
    if (result.is(['Success', 'Ok'])) return 'success';
    if (result.is('BlockNumber')) return { 'block-number': result.number(2) };
    if (result.is('DataAccessError')) return result.enumerated(DATA_ACCESS_RESULTS);
    return result.fail('unknown-element', result.name, 'Success, DataAccessError or BlockNumber');
  });
  return { kind: 'write-response', list };
}

/** The time of the report is the characters of a GeneralizedTime, written as octets. */
export function writeInformationReportXml(w: XmlWriter, apdu: InformationReport): void {
  w.element('InformationReportRequest', () => {
    if (apdu.time !== null) {
      const time = octetsFromText(apdu.time);
      if (time === undefined) throw new TypeError(`'${apdu.time}' is not a GeneralizedTime`);
      w.octets('CurrentTime', time);
    }
    writeAccessAndData(w, apdu);
  });
}

export function readInformationReportXml(x: ElementReader): InformationReport {
  const time = x.optional(['CurrentTime', 'CurrentDateTime'], (value) => textFromOctets(value.octets())) ?? null;
  return { kind: 'information-report', time, ...readAccessAndData(x) };
}
