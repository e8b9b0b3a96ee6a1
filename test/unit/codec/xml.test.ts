import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeApdu, encodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { apduFromJson, apduToJson } from '../../../engine/codec/apdu-json.ts';
import { decodeData } from '../../../engine/codec/axdr/decode-data.ts';
import { encodeData } from '../../../engine/codec/axdr/encode-data.ts';
import { fromHex, toHex } from '../../../engine/codec/hex.ts';
import { apduToXml, dataToXml, pduFromXml } from '../../../engine/codec/xml/apdu-xml.ts';
import { apdu } from './apdu-arbitrary.ts';
import { data } from './axdr-arbitrary.ts';
import { frameItems } from './shared-material.ts';
import { OTHER_VECTORS, XDLMS_VECTORS } from './xdlms-vectors.ts';

const SEED = 20261125;

/** Octets of the APDU or Data in a text. */
function octetsOf(xml: string): string {
  const result = pduFromXml(xml);
  assert.ok(result.ok, result.ok ? '' : `${JSON.stringify(result.error)}\n${xml}`);
  return toHex('apdu' in result.value ? encodeApdu(result.value.apdu) : encodeData(result.value.data));
}

function squeezed(xml: string): string {
  return xml.replaceAll(/\s*\n\s*/g, '').replaceAll(' />', '/>');
}

/** Texts as the tools of the field print them, and the octets they stand for. */
const TEXTS: readonly (readonly [what: string, hex: string, xml: string])[] = [
  [
    'GetRequest',
    'c001c100080000010000ff0200',
    '<GetRequest><GetRequestNormal><InvokeIdAndPriority Value="C1"/><AttributeDescriptor><ClassId Value="0008"/>' +
      '<InstanceId Value="0000010000FF"/><AttributeId Value="02"/></AttributeDescriptor></GetRequestNormal></GetRequest>',
  ],
  [
    'GetResponse with a structure',
    'c401c1000202120001090203ff',
    '<GetResponse><GetResponseNormal><InvokeIdAndPriority Value="C1"/><Result><Data><Structure Qty="0002">' +
      '<LongUnsigned Value="0001"/><OctetString Value="03FF"/></Structure></Data></Result></GetResponseNormal></GetResponse>',
  ],
  [
    'GetResponse refused',
    'c401c10103',
    '<GetResponse><GetResponseNormal><InvokeIdAndPriority Value="C1"/><Result><DataAccessError Value="ReadWriteDenied"/>' +
      '</Result></GetResponseNormal></GetResponse>',
  ],
  [
    'a result without a name',
    'c401c10163',
    '<GetResponse><GetResponseNormal><InvokeIdAndPriority Value="C1"/><Result><DataAccessError Value="63"/></Result>' +
      '</GetResponseNormal></GetResponse>',
  ],
  ['ReadRequest', '0501022bc8', '<ReadRequest Qty="0001"><VariableName Value="2BC8"/></ReadRequest>'],
  [
    'ActionRequest',
    'c301c1000f0000280000ff0101090211aa',
    '<ActionRequest><ActionRequestNormal><InvokeIdAndPriority Value="C1"/><MethodDescriptor><ClassId Value="000F"/>' +
      '<InstanceId Value="0000280000FF"/><MethodId Value="01"/></MethodDescriptor><MethodInvocationParameters>' +
      '<OctetString Value="11AA"/></MethodInvocationParameters></ActionRequestNormal></ActionRequest>',
  ],
  [
    'a ciphered GetRequest',
    'c81e3001234567411312ff935a47566827c467bc7d825c3be4a77c3fcc056b6b',
    '<glo_GetRequest Value="3001234567411312FF935A47566827C467BC7D825C3BE4A77C3FCC056B6B"/>',
  ],
  [
    'AssociationResponse',
    '6129a109060760857405080101a203020100a305a103020100be10040e0800065f1f040000501f01f40007',
    '<AssociationResponse><ApplicationContextName Value="LN"/><AssociationResult Value="00"/><ResultSourceDiagnostic>' +
      '<ACSEServiceUser Value="00"/></ResultSourceDiagnostic><InitiateResponse><NegotiatedDlmsVersionNumber Value="06"/>' +
      '<NegotiatedConformance><ConformanceBit Name="PriorityMgmtSupported"/><ConformanceBit Name="BlockTransferWithGetOrRead"/>' +
      '<ConformanceBit Name="Get"/><ConformanceBit Name="Set"/><ConformanceBit Name="SelectiveAccess"/>' +
      '<ConformanceBit Name="EventNotification"/><ConformanceBit Name="Action"/></NegotiatedConformance>' +
      '<NegotiatedMaxPduSize Value="01F4"/><VaaName Value="0007"/></InitiateResponse></AssociationResponse>',
  ],
];

/** The same APDU as other translators, older versions and people write it. */
const VARIANTS: readonly (readonly [what: string, hex: string, xml: string])[] = [
  [
    'types by their width, quantities of two digits, blanks, comments, a declaration',
    '0202120001090203ff',
    `<?xml version="1.0" encoding="utf-8"?>
     <!-- a comment with <Structure> in it -->
     <Structure Qty="02" >
       <UInt16 Value='0001'/>
       <OctetString Value="03 FF"></OctetString>
     </Structure>`,
  ],
  ['a number without its leading zeros', '120006', '<LongUnsigned Value="6"/>'],
  [
    'names in other letters',
    '0202110510000a',
    '<STRUCTURE qty="2"><uint8 value="5"/><Int16 Value="000A"/></STRUCTURE>',
  ],
  ['text strings', '0a034c4742', '<String Value="LGB"/>'],
  ['text with entities of XML', '0a03413c42', '<String Value="A&lt;B"/>'],
  ['a namespace prefix', '1105', '<x:Unsigned xmlns:x="http://www.dlms.com/COSEMpdu" Value="05"/>'],
  [
    'a list with underscores and descriptors in another order',
    'c003c10100080000010000ff0200',
    `<GetRequest><GetRequestWithList><AttributeDescriptorList Qty="0001"><_AttributeDescriptorWithSelection>
       <AttributeDescriptor><AttributeId Value="02"/><InstanceId Value="0-0:1.0.0.255"/><ClassId Value="8"/></AttributeDescriptor>
     </_AttributeDescriptorWithSelection></AttributeDescriptorList><InvokeIdAndPriority Value="C1"/></GetRequestWithList></GetRequest>`,
  ],
  [
    'a block with the name in other letters',
    'c402c101000000020001aa',
    `<GetResponse><GetResponsewithDataBlock><InvokeIdAndPriority Value="C1"/><Result><LastBlock Value="01"/>
       <BlockNumber Value="00000002"/><Result><RawData Value="AA"/></Result></Result></GetResponsewithDataBlock></GetResponse>`,
  ],
  [
    'return parameters without Data around them',
    'c701c10001001105',
    `<ActionResponse><ActionResponseNormal><InvokeIdAndPriority Value="C1"/><Result Value="success"/>
       <ReturnParameters><Unsigned Value="05"/></ReturnParameters></ActionResponseNormal></ActionResponse>`,
  ],
  [
    'results by other names',
    'c501c10b',
    '<SetResponse><SetResponseNormal><InvokeIdAndPriority Value="C1"/><Result Value="UnavailableObject"/></SetResponseNormal></SetResponse>',
  ],
  [
    'a boolean as a word',
    '020203010300',
    '<Structure Qty="2"><Boolean Value="true"/><Boolean Value="False"/></Structure>',
  ],
  ['names with hyphens', '120006', '<long-unsigned Value="0006"/>'],
  [
    'a frame around it, with addresses',
    'c4018100110a',
    `<HDLC len="14" ><TargetAddress Value="20" /><SourceAddress Value="1" /><FrameType Value="52" /><PDU><GetResponse>
       <GetResponseNormal><!-- of the frame --><InvokeIdAndPriority Value="81" /><Result><Data><UInt8 Value="0A" /></Data></Result>
     </GetResponseNormal></GetResponse></PDU></HDLC>`,
  ],
  [
    'the ciphered GetRequest in camel case',
    'c81130000000010102030405060708090a0b0c',
    '<GloGetRequest Value="30000000010102030405060708090A0B0C"/>',
  ],
  [
    'a gateway with the APDU as an element',
    'e601020102c001c100080000010000ff0200',
    `<GatewayRequest><NetworkId Value="01"/><PhysicalDeviceAddress Value="0102"/><GetRequest><GetRequestNormal>
       <InvokeIdAndPriority Value="C1"/><AttributeDescriptor><ClassId Value="0008"/><InstanceId Value="0000010000FF"/>
       <AttributeId Value="02"/></AttributeDescriptor></GetRequestNormal></GetRequest></GatewayRequest>`,
  ],
  [
    'a notification without a date-time',
    '0f000002f10000',
    `<DataNotification><LongInvokeIdAndPriority Value="000002F1"/><DateTime /><NotificationBody><DataValue><None />
       </DataValue></NotificationBody></DataNotification>`,
  ],
  [
    'a service error by the number of its service',
    '0e010601',
    '<ConfirmedServiceError><Service Value="01"/><ServiceError><Initiate Value="DlmsVersionTooLow"/></ServiceError></ConfirmedServiceError>',
  ],
  [
    'a mechanism by another name',
    '6036a1090607608574050801018a0207808b0760857405080201ac0a80083132333435363738be10040e01000000065f1f0400000010ffff',
    `<AssociationRequest><ApplicationContextName Value="LN"/><SenderACSERequirements Value="1"/><MechanismName Value="Low"/>
       <CallingAuthentication Value="3132333435363738"/><InitiateRequest><ProposedDlmsVersionNumber Value="06"/>
       <ProposedConformance><ConformanceBit Name="Get"/></ProposedConformance><ProposedMaxPduSize Value="FFFF"/>
       </InitiateRequest></AssociationRequest>`,
  ],
];

/** Numbers as some translators print them. */
const DECIMAL: readonly (readonly [what: string, hex: string, xml: string])[] = [
  [
    'a push with numbers of all types',
    '0f000002f100020a0ffe10ff9c05fffffffb14fffffffffffffff911c812ffff060000004315000000000000000a161b0300',
    `<Messages><DataNotification><LongInvokeIdAndPriority Value="753"/><DateTime Value=""/><NotificationBody><DataValue>
       <Structure Qty="10"><Int8 Value="-2"/><Int16 Value="-100"/><Int32 Value="-5"/><Int64 Value="-7"/>
       <UInt8 Value="200"/><UInt16 Value="65535"/><UInt32 Value="67"/><UInt64 Value="10"/><Enum Value="27"/>
       <Boolean Value="0"/></Structure></DataValue></NotificationBody></DataNotification></Messages>`,
  ],
  [
    'a result by its number',
    'c501c1fa',
    '<SetResponse><SetResponseNormal><InvokeIdAndPriority Value="193"/><Result Value="250"/></SetResponseNormal></SetResponse>',
  ],
];

describe('APDUs as XML', () => {
  for (const [what, hex, xml] of TEXTS) {
    it(`${what}: as the field writes it, both ways`, () => {
      const decoded = decodeApdu(fromHex(hex));
      assert.ok(decoded.ok);
      assert.equal(squeezed(apduToXml(decoded.value)), xml);
      assert.equal(octetsOf(xml), hex);
    });
  }

  for (const [what, hex, xml] of VARIANTS) it(`understands ${what}`, () => assert.equal(octetsOf(xml), hex));
  for (const [what, hex, xml] of DECIMAL) {
    it(`understands decimal numbers: ${what}`, () => {
      assert.equal(octetsOf(xml), hex);
      const result = pduFromXml(xml);
      assert.equal(result.ok && result.numbers, 'decimal');
    });
  }

  it('takes numbers for hex wherever they can be', () => {
    const result = pduFromXml('<Unsigned Value="10"/>');
    assert.deepEqual(result, { ok: true, value: { data: { t: 'unsigned', v: 16 } }, numbers: 'hex' });
  });

  for (const [what, xml] of [
    ['a negative number beyond its type', '<Structure Qty="1"><Int8 Value="-129"/></Structure>'],
    ['a number beyond its type', '<UInt8 Value="256"/>'],
    ['a negative unsigned', '<UInt8 Value="-1"/>'],
    ['two messages', '<Messages><UInt8 Value="01"/><UInt8 Value="02"/></Messages>'],
    ['a frame without an APDU', '<HDLC len="8"><TargetAddress Value="1"/></HDLC>'],
  ] as const) {
    it(`refuses ${what}`, () => assert.equal(pduFromXml(xml).ok, false));
  }

  for (const [what, hex] of [...XDLMS_VECTORS, ...OTHER_VECTORS]) {
    it(`${what}: octets, XML, octets and JSON, XML, JSON`, () => {
      const octets = fromHex(hex);
      const decoded = decodeApdu(octets, { strict: true });
      assert.ok(decoded.ok);
      const xml = apduToXml(decoded.value);
      assert.equal(octetsOf(xml), toHex(octets));
      const json = apduToJson(decoded.value);
      const back = pduFromXml(apduToXml(apduFromJson(json)));
      assert.ok(back.ok && 'apdu' in back.value);
      assert.deepEqual(apduToJson(back.value.apdu), json);
    });
  }

  it(`any APDU survives XML (seed ${SEED})`, () => {
    const property = fc.property(apdu, (value) => assert.equal(octetsOf(apduToXml(value)), toHex(encodeApdu(value))));
    fc.assert(property, { seed: SEED, numRuns: 500 });
  });

  it(`any Data survives XML (seed ${SEED})`, () => {
    const property = fc.property(data, (value) => assert.equal(octetsOf(dataToXml(value)), toHex(encodeData(value))));
    fc.assert(property, { seed: SEED, numRuns: 500 });
  });

  const items = frameItems();
  if (items === undefined) it.skip('independent frames (not on this machine)');
  else {
    it('independent APDUs and Data without deviation give the same octets through XML', () => {
      let count = 0;
      for (const item of items) {
        if (item.layer !== 'apdu' && item.layer !== 'data') continue;
        const octets = fromHex(item.hex);
        const pdu = item.layer === 'apdu' ? decodeApdu(octets) : undefined;
        const value = item.layer === 'data' ? decodeData(octets) : undefined;
        const decoded = pdu ?? value;
        if (decoded === undefined || !decoded.ok || decoded.deviations.length > 0) continue;
        // Defaults written out and lengths in long form are legal, and no part of the value.
        const canonical = pdu?.ok ? encodeApdu({ ...pdu.value }) : value?.ok ? encodeData({ ...value.value }) : octets;
        if (toHex(canonical) !== toHex(octets)) continue;
        const xml = pdu?.ok ? apduToXml(pdu.value) : value?.ok ? dataToXml(value.value) : '';
        assert.equal(octetsOf(xml), toHex(octets), item.id);
        count++;
      }
      console.log(`      ${count} independent APDUs and Data through XML`);
      assert.ok(count > 150);
    });
  }
});
