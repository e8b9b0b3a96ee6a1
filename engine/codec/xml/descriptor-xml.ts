import { fromHex, toHex } from '../hex.ts';
import { invokeFromRaw } from '../xdlms/invoke.ts';
import { LOGICAL_NAME_LENGTH, logicalNameFromText, logicalNameToText } from '../xdlms/logical-name.ts';
import { ACTION_RESULTS, DATA_ACCESS_RESULTS } from '../xdlms/results.ts';
import type {
  AttributeDescriptor,
  AttributeWithSelection,
  DataBlock,
  GetDataResult,
  InvokeIdAndPriority,
  MethodDescriptor,
  SelectiveAccess,
} from '../xdlms/types.ts';
import { isDataElement, readDataXml, writeDataXml } from './data-xml.ts';
import type { ElementReader } from './element-reader.ts';
import type { XmlWriter } from './xml-writer.ts';

/** Parts that several services share. */

export function writeInvokeXml(w: XmlWriter, invoke: InvokeIdAndPriority): void {
  w.number('InvokeIdAndPriority', invoke.raw, 1);
}

export function readInvokeXml(x: ElementReader): InvokeIdAndPriority {
  return invokeFromRaw(x.child('InvokeIdAndPriority', (value) => value.number(1)));
}

export function writeLongInvokeXml(w: XmlWriter, longInvokeId: number): void {
  w.number('LongInvokeIdAndPriority', longInvokeId, 4);
}

export function readLongInvokeXml(x: ElementReader): number {
  return x.child('LongInvokeIdAndPriority', (value) => value.number(4));
}

function writeDescriptor(w: XmlWriter, name: string, index: string, descriptor: AttributeDescriptor): void {
  w.element(name, () => {
    const instance = logicalNameFromText(descriptor.obis);
    if (instance === undefined) throw new TypeError(`'${descriptor.obis}' is not a logical name A-B:C.D.E.F`);
    w.number('ClassId', descriptor.class, 2);
    w.value('InstanceId', toHex(instance).toUpperCase());
    w.number(index, descriptor.index & 0xff, 1);
  });
}

function readDescriptor(x: ElementReader, index: string): AttributeDescriptor {
  const classId = x.child('ClassId', (value) => value.number(2));
  const obis = x.child('InstanceId', readInstanceId);
  return { class: classId, obis, index: (x.child(index, (value) => value.number(1)) << 24) >> 24 };
}

/** Twelve hex digits; `A-B:C.D.E.F` and `A.B.C.D.E.F` are understood. */
function readInstanceId(x: ElementReader): string {
  const value = x.attribute('Value') ?? '';
  const named = logicalNameFromText(value);
  const octets = named ?? x.checked(() => fromHex(value));
  if (octets.length !== LOGICAL_NAME_LENGTH) x.fail('bad-value', `'${value}'`, `${2 * LOGICAL_NAME_LENGTH} hex digits`);
  return logicalNameToText(octets);
}

export function writeAttributeXml(w: XmlWriter, attribute: AttributeDescriptor): void {
  writeDescriptor(w, 'AttributeDescriptor', 'AttributeId', attribute);
}

export function readAttributeXml(x: ElementReader): AttributeDescriptor {
  return x.child('AttributeDescriptor', (descriptor) => readDescriptor(descriptor, 'AttributeId'));
}

export function writeMethodXml(w: XmlWriter, method: MethodDescriptor): void {
  writeDescriptor(w, 'MethodDescriptor', 'MethodId', method);
}

export function readMethodXml(x: ElementReader): MethodDescriptor {
  return x.child('MethodDescriptor', (descriptor) => readDescriptor(descriptor, 'MethodId'));
}

export function writeMethodListXml(w: XmlWriter, list: readonly MethodDescriptor[]): void {
  w.list('MethodDescriptorList', list, (method) => writeMethodXml(w, method));
}

export function readMethodListXml(x: ElementReader): MethodDescriptor[] {
  return x.child('MethodDescriptorList', (list) => list.list((method) => readDescriptor(method, 'MethodId')));
}

export function writeSelectionXml(w: XmlWriter, selective: SelectiveAccess | null): void {
  if (selective === null) return;
  w.element('AccessSelection', () => {
    w.number('AccessSelector', selective.selector, 1);
    w.element('AccessParameters', () => writeDataXml(w, selective.params));
  });
}

export function readSelectionXml(x: ElementReader): SelectiveAccess | null {
  const selection = x.optional('AccessSelection', (access) => ({
    selector: access.child('AccessSelector', (value) => value.number(1)),
    params: access.child('AccessParameters', (parameters) => parameters.only('a Data', readDataXml)),
  }));
  return selection ?? null;
}

export function writeAttributeListXml(w: XmlWriter, list: readonly AttributeWithSelection[]): void {
  w.list('AttributeDescriptorList', list, (attribute) =>
    w.element('AttributeDescriptorWithSelection', () => {
      writeAttributeXml(w, attribute);
      writeSelectionXml(w, attribute.selective);
    }),
  );
}

export function readAttributeListXml(x: ElementReader): AttributeWithSelection[] {
  return x.child('AttributeDescriptorList', (list) =>
    list.list((item) => ({ ...readAttributeXml(item), selective: readSelectionXml(item) })),
  );
}

/** Last-block, block-number and raw data; block numbers of LN services have four octets, of SN services two. */
export function writeBlockXml(w: XmlWriter, block: DataBlock, numberOctets: 2 | 4 = 4): void {
  w.boolean('LastBlock', block.last);
  w.number('BlockNumber', block.block, numberOctets);
  w.octets('RawData', block.raw);
}

export function readBlockXml(x: ElementReader, numberOctets: 2 | 4 = 4): DataBlock {
  const last = x.child('LastBlock', (value) => value.boolean());
  const block = x.child('BlockNumber', (value) => value.number(numberOctets));
  return { last, block, raw: x.child('RawData', (value) => value.octets()) };
}

const RESULT_ERRORS = ['DataAccessError', 'DataAccessResult'];

/** Get-Data-Result: `Data` around a Data, or `DataAccessError` with a name. */
export function writeGetDataResultXml(w: XmlWriter, value: GetDataResult): void {
  if ('data' in value) w.element('Data', () => writeDataXml(w, value.data));
  else w.enumerated('DataAccessError', DATA_ACCESS_RESULTS, value.result);
}

/** What `x` holds in place of a Get-Data-Result; Data may stand without the element around it. */
export function readGetDataResultXml(x: ElementReader): GetDataResult {
  return x.only('Data or DataAccessError', readResultElement);
}

/** An element of a list of Get-Data-Result. */
export function readResultElement(x: ElementReader): GetDataResult {
  if (x.is('Data')) return { data: x.only('a Data', readDataXml) };
  if (x.is(RESULT_ERRORS) || x.is('Result')) return { result: x.enumerated(DATA_ACCESS_RESULTS) };
  if (isDataElement(x)) return { data: readDataXml(x) };
  return x.fail('unknown-element', x.name, 'Data or DataAccessError');
}

export function writeDataResultXml(w: XmlWriter, result: string): void {
  w.enumerated('Result', DATA_ACCESS_RESULTS, result);
}

export function readDataResultXml(x: ElementReader): string {
  return x.child('Result', (value) => value.enumerated(DATA_ACCESS_RESULTS));
}

export function writeActionResultXml(w: XmlWriter, result: string): void {
  w.enumerated('Result', ACTION_RESULTS, result);
}

export function readActionResultXml(x: ElementReader): string {
  return x.child('Result', (value) => value.enumerated(ACTION_RESULTS));
}

/** Date-time of access and notification services: nothing, or 12 octets. */
export function writeDateTimeXml(w: XmlWriter, dateTime: Uint8Array): void {
  w.octets('DateTime', dateTime);
}

export function readDateTimeXml(x: ElementReader): Uint8Array {
  const octets = x.optional(['DateTime', 'OctetString'], (value) => {
    return value.attribute('Value') === undefined ? undefined : value.octets();
  });
  return octets ?? new Uint8Array(0);
}
