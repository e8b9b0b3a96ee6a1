import { CONFORMANCE_BITS } from '../xdlms/conformance.ts';
import type { InitiateRequest, InitiateResponse } from '../xdlms/types.ts';
import type { ElementReader } from './element-reader.ts';
import { camelName } from './xml-names.ts';
import type { XmlWriter } from './xml-writer.ts';

/** Bits by their names in XML in lower case; some translators leave out the half that names the other referencing. */
const BITS: ReadonlyMap<string, string> = new Map([
  ...CONFORMANCE_BITS.map((name): [string, string] => [camelName(name).toLowerCase(), name]),
  ['blocktransferwithget', 'block-transfer-with-get-or-read'],
  ['blocktransferwithset', 'block-transfer-with-set-or-write'],
  ['reserved', 'delta-value-encoding'],
]);

export function writeInitiateRequestXml(w: XmlWriter, apdu: InitiateRequest): void {
  w.element('InitiateRequest', () => {
    if (apdu.dedicatedKey !== null) w.octets('DedicatedKey', apdu.dedicatedKey);
    if (!apdu.responseAllowed) w.boolean('ResponseAllowed', false);
    if (apdu.proposedQoS !== null) w.number('ProposedQualityOfService', apdu.proposedQoS & 0xff, 1);
    w.number('ProposedDlmsVersionNumber', apdu.dlmsVersion, 1);
    writeConformance(w, 'ProposedConformance', apdu.conformance);
    w.number('ProposedMaxPduSize', apdu.maxPdu, 2);
  });
}

export function readInitiateRequestXml(x: ElementReader): InitiateRequest {
  return {
    kind: 'initiate-request',
    dedicatedKey: x.optional('DedicatedKey', (value) => value.octets()) ?? null,
    responseAllowed: x.optional('ResponseAllowed', (value) => value.boolean()) ?? true,
    proposedQoS: readQoS(x, 'ProposedQualityOfService'),
    dlmsVersion: x.child('ProposedDlmsVersionNumber', (value) => value.number(1)),
    conformance: x.child('ProposedConformance', readConformance),
    maxPdu: x.child('ProposedMaxPduSize', (value) => value.number(2)),
  };
}

export function writeInitiateResponseXml(w: XmlWriter, apdu: InitiateResponse): void {
  w.element('InitiateResponse', () => {
    if (apdu.negotiatedQoS !== null) w.number('NegotiatedQualityOfService', apdu.negotiatedQoS & 0xff, 1);
    w.number('NegotiatedDlmsVersionNumber', apdu.dlmsVersion, 1);
    writeConformance(w, 'NegotiatedConformance', apdu.conformance);
    w.number('NegotiatedMaxPduSize', apdu.maxPdu, 2);
    w.number('VaaName', apdu.vaaName, 2);
  });
}

export function readInitiateResponseXml(x: ElementReader): InitiateResponse {
  return {
    kind: 'initiate-response',
    negotiatedQoS: readQoS(x, 'NegotiatedQualityOfService'),
    dlmsVersion: x.child('NegotiatedDlmsVersionNumber', (value) => value.number(1)),
    conformance: x.child('NegotiatedConformance', readConformance),
    maxPdu: x.child('NegotiatedMaxPduSize', (value) => value.number(2)),
    vaaName: x.child('VaaName', (value) => value.number(2)),
  };
}

function readQoS(x: ElementReader, name: string): number | null {
  const octet = x.optional(name, (value) => value.number(1));
  return octet === undefined ? null : (octet << 24) >> 24;
}

function writeConformance(w: XmlWriter, name: string, bits: readonly string[]): void {
  w.element(name, () => {
    for (const bit of bits) w.named('ConformanceBit', camelName(bit));
  });
}

/** Names in the order of the bits, whatever the order in the text. */
function readConformance(x: ElementReader): string[] {
  const named = new Set(
    x.list((bit) => {
      const name = bit.attribute('Name') ?? '';
      const known = BITS.get(name.toLowerCase());
      return known ?? bit.fail('bad-value', `'${name}'`, 'the Name of a conformance bit');
    }),
  );
  return CONFORMANCE_BITS.filter((bit) => named.has(bit));
}
