import assert from 'node:assert/strict';
import { pduFromXml } from '../../../engine/codec/xml/apdu-xml.ts';
import { MAX_XML_DEPTH, MAX_XML_ELEMENTS, MAX_XML_INPUT } from '../../../engine/codec/xml/parse-xml.ts';
import type { XmlErrorCode } from '../../../engine/codec/xml/xml-failure.ts';
import { seeded } from '../link/line.ts';

const GET = `<GetRequest>
  <GetRequestNormal>
    <InvokeIdAndPriority Value="C1" />
    <AttributeDescriptor>
      <ClassId Value="0008" />
      <InstanceId Value="0000010000FF" />
      <AttributeId Value="02" />
    </AttributeDescriptor>
  </GetRequestNormal>
</GetRequest>
`;

/** Text, code, line and column, path of the element. */
const REFUSED: readonly (readonly [what: string, xml: string, XmlErrorCode, place: string, path: string])[] = [
  ['nothing', '', 'not-well-formed', '1:1', ''],
  ['blanks', ' \n ', 'not-well-formed', '1:1', ''],
  ['text', 'GetRequest', 'not-well-formed', '1:1', ''],
  ['a cut text', GET.slice(0, 100), 'not-well-formed', '5:2', ''],
  ['tags that cross', '<Structure><Array></Structure></Array>', 'not-well-formed', '1:19', ''],
  ['an attribute twice', '<Unsigned Value="05" Value="06"/>', 'not-well-formed', '1:22', ''],
  ['two roots', '<NullData/><NullData/>', 'not-well-formed', '1:12', ''],
  ['an element nobody knows', '<Nonsense/>', 'unknown-element', '1:1', 'Nonsense'],
  ['an element with the name of a member of objects', '<__proto__/>', 'forbidden', '1:1', ''],
  [
    'an element too many',
    GET.replace('<ClassId', '<Extra/><ClassId'),
    'unknown-element',
    '5:7',
    'GetRequest/GetRequestNormal/AttributeDescriptor/Extra',
  ],
  [
    'an element too few',
    GET.replace('<ClassId Value="0008" />', ''),
    'missing-element',
    '4:5',
    'GetRequest/GetRequestNormal/AttributeDescriptor',
  ],
  [
    'two services',
    '<GetRequest><GetRequestNormal/><GetRequestNormal/></GetRequest>',
    'unknown-element',
    '1:32',
    'GetRequest/GetRequestNormal',
  ],
  [
    'no Value',
    GET.replace(' Value="C1"', ''),
    'missing-element',
    '3:5',
    'GetRequest/GetRequestNormal/InvokeIdAndPriority',
  ],
  [
    'a number with too many digits',
    GET.replace('C1', '1C1'),
    'bad-value',
    '3:5',
    'GetRequest/GetRequestNormal/InvokeIdAndPriority',
  ],
  [
    'a logical name of five octets',
    GET.replace('0000010000FF', '00010000FF'),
    'bad-value',
    '6:7',
    'GetRequest/GetRequestNormal/AttributeDescriptor/InstanceId',
  ],
  [
    'characters between elements',
    GET.replace('<ClassId', 'x <ClassId'),
    'bad-value',
    '4:5',
    'GetRequest/GetRequestNormal/AttributeDescriptor',
  ],
  ['a quantity that lies', '<Structure Qty="0003"><NullData/></Structure>', 'bad-quantity', '1:1', 'Structure'],
  ['a quantity of 2^52', '<Array Qty="10000000000000"/>', 'bad-quantity', '1:1', 'Array'],
  ['a value of the wrong size', '<DateTime Value="07E4"/>', 'bad-value', '1:1', 'DateTime'],
  ['bits that are none', '<BitString Value="0102"/>', 'bad-value', '1:1', 'BitString'],
  [
    'a Data inside of a simple one',
    '<Unsigned Value="05"><NullData/></Unsigned>',
    'unknown-element',
    '1:22',
    'Unsigned/NullData',
  ],
  [
    'a result nobody knows',
    '<SetResponse><SetResponseNormal><InvokeIdAndPriority Value="C1"/><Result Value="Maybe"/></SetResponseNormal></SetResponse>',
    'bad-value',
    '1:66',
    'SetResponse/SetResponseNormal/Result',
  ],
  [
    'a conformance bit nobody knows',
    '<InitiateResponse><NegotiatedDlmsVersionNumber Value="06"/><NegotiatedConformance><ConformanceBit Name="Fly"/></NegotiatedConformance></InitiateResponse>',
    'bad-value',
    '1:83',
    'InitiateResponse/NegotiatedConformance/ConformanceBit',
  ],
  [
    'ciphered octets without room for a tag',
    '<glo_GetRequest Value="300000000100"/>',
    'bad-value',
    '1:1',
    'glo_GetRequest',
  ],
  [
    'an object identifier that is none',
    '<AssociationRequest><ApplicationContextName Value="TCP"/></AssociationRequest>',
    'bad-value',
    '1:21',
    'AssociationRequest/ApplicationContextName',
  ],
  ['a document type', '<!DOCTYPE Unsigned><Unsigned Value="05"/>', 'forbidden', '1:1', ''],
  [
    'an entity bomb',
    `<?xml version="1.0"?>\n<!DOCTYPE x [<!ENTITY a "aaaaaaaaaa">${'<!ENTITY b "&a;&a;&a;">'.repeat(5)}]>\n<String Value="&b;"/>`,
    'forbidden',
    '2:1',
    '',
  ],
  [
    'an external entity',
    '<!DOCTYPE x [<!ENTITY a SYSTEM "file:///etc/hostname">]><String Value="&a;"/>',
    'forbidden',
    '1:1',
    '',
  ],
  [
    'too deep a nesting',
    `\n${'<Structure>'.repeat(MAX_XML_DEPTH + 1)}${'</Structure>'.repeat(MAX_XML_DEPTH + 1)}`,
    'limit',
    `2:${11 * MAX_XML_DEPTH + 1}`,
    '',
  ],
  [
    'a nesting bomb',
    '<Structure>'.repeat(MAX_XML_ELEMENTS) + '</Structure>'.repeat(MAX_XML_ELEMENTS),
    'limit',
    `1:${11 * MAX_XML_DEPTH + 1}`,
    '',
  ],
  [
    'too many elements',
    `<Array>${'<NullData/>'.repeat(MAX_XML_ELEMENTS)}</Array>`,
    'limit',
    `1:${7 + 11 * (MAX_XML_ELEMENTS - 1) + 1}`,
    '',
  ],
  ['too long a text', `<!--${' '.repeat(MAX_XML_INPUT)}--><NullData/>`, 'limit', `1:${MAX_XML_INPUT + 1}`, ''],
];

describe('APDUs as XML: hostile texts', function () {
  this.timeout(20_000);

  for (const [what, xml, code, place, path] of REFUSED) {
    it(`refuses ${what}, with the place`, () => {
      const result = pduFromXml(xml);
      assert.ok(!result.ok);
      const { error } = result;
      assert.deepEqual([error.code, `${error.line}:${error.column}`, error.path], [code, place, path], error.found);
      assert.ok(error.found.length > 0 && error.found.length < 200 && error.expected.length > 0);
    });
  }

  it('unknown entities of other document types are kept as they are', () => {
    const result = pduFromXml('<String Value="&nbsp;"/>');
    assert.ok(result.ok && 'data' in result.value && result.value.data.t === 'visible-string');
    assert.equal(result.value.data.v, '&nbsp;');
  });

  it('mutated texts never throw (seed 7)', () => {
    const next = seeded(7);
    const random = (below: number): number => Math.floor(next() * below);
    const marks = ['<', '>', '/', '"', '&', '</GetRequest>', '<!--', '-->', '<![CDATA[', ']]>', '<?', 'Value="', ' '];
    let accepted = 0;
    for (let i = 0; i < 3000; i++) {
      let text = GET;
      for (let changes = 1 + random(3); changes > 0; changes--) {
        const [at, length] = [random(text.length), random(4)];
        text = text.slice(0, at) + (random(2) === 0 ? '' : marks[random(marks.length)]) + text.slice(at + length);
      }
      if (pduFromXml(text).ok) accepted++;
    }
    assert.ok(accepted > 0);
  });
});
