import type { Apdu } from '../apdu.ts';
import { decodeApdu } from '../apdu-codec.ts';
import { octetToHex } from '../hex.ts';
import { CIPHERED_SERVICES, cipheredKindOf } from '../security/ciphered-services.ts';
import { writeGeneralHeader } from '../security/general-header.ts';
import { writeKeyInfo } from '../security/key-info.ts';
import { writeSecured } from '../security/security-header.ts';
import type { GeneralGloCiphering, KeyInfo, ProtectedApdu, SecurityHeader } from '../security/types.ts';
import { Writer } from '../writer.ts';
import type { ElementReader } from './element-reader.ts';
import { camelName } from './xml-names.ts';
import type { XmlWriter } from './xml-writer.ts';

/** `glo_GetRequest` and so on, with the tag of the APDU. */
const SERVICE_ELEMENTS: ReadonlyMap<string, number> = new Map(
  Object.entries(CIPHERED_SERVICES).flatMap(([service, { glo, ded }]): [string, number][] => [
    [`glo_${camelName(service)}`, glo],
    [`ded_${camelName(service)}`, ded],
  ]),
);

const GENERAL_ELEMENTS = {
  'general-glo-ciphering': 'GeneralGloCiphering',
  'general-ded-ciphering': 'GeneralDedCiphering',
  'general-ciphering': 'GeneralCiphering',
  'general-signing': 'GeneralSigning',
} as const;
const GENERAL_TAGS: Readonly<Record<GeneralGloCiphering['kind'], number>> = {
  'general-glo-ciphering': 0xdb,
  'general-ded-ciphering': 0xdc,
};
const HEADER_ELEMENTS = [
  ['transactionId', 'TransactionId'],
  ['originatorSystemTitle', 'OriginatorSystemTitle'],
  ['recipientSystemTitle', 'RecipientSystemTitle'],
  ['dateTime', 'DateTime'],
  ['otherInformation', 'OtherInformation'],
] as const;
const CIPHERED_CONTENT = ['CipheredService', 'CipheredContent'];

/** Security header, protected octets and authentication tag stay octets: they say nothing without the keys. */
export function writeProtectedXml(w: XmlWriter, apdu: ProtectedApdu): void {
  switch (apdu.kind) {
    case 'general-glo-ciphering':
    case 'general-ded-ciphering':
      w.element(GENERAL_ELEMENTS[apdu.kind], () => {
        w.octets('SystemTitle', apdu.systemTitle);
        w.octets(CIPHERED_CONTENT[0]!, securedOctets(apdu.security));
      });
      break;
    case 'general-ciphering':
      w.element(GENERAL_ELEMENTS[apdu.kind], () => {
        for (const [member, name] of HEADER_ELEMENTS) w.octets(name, apdu[member]);
        if (apdu.keyInfo !== null) writeKeyInfoXml(w, apdu.keyInfo);
        w.octets(CIPHERED_CONTENT[0]!, securedOctets(apdu.security));
      });
      break;
    case 'general-signing':
      w.element(GENERAL_ELEMENTS[apdu.kind], () => {
        for (const [member, name] of HEADER_ELEMENTS) w.octets(name, apdu[member]);
        w.octets('Content', apdu.content);
        w.octets('Signature', apdu.signature);
      });
      break;
    default:
      w.octets(`${apdu.kind.slice(0, 3)}_${camelName(apdu.kind.slice(4))}`, securedOctets(apdu.security));
  }
}

/** SC, IC, payload and authentication tag, without the length before them. */
function securedOctets(security: SecurityHeader): Uint8Array {
  const w = new Writer();
  writeSecured(w, security);
  const octets = w.result();
  const lengthOctets = octets[0]! < 0x80 ? 1 : 1 + (octets[0]! & 0x7f);
  return octets.subarray(lengthOctets);
}

function writeKeyInfoXml(w: XmlWriter, { identifiedKey, wrappedKey, agreedKey }: KeyInfo): void {
  w.element('KeyInfo', () => {
    if (identifiedKey !== undefined) w.value('IdentifiedKey', camelName(identifiedKey));
    if (wrappedKey !== undefined) {
      w.element('WrappedKey', () => {
        w.number('KekId', wrappedKey.kekId, 1);
        w.octets('KeyCipheredData', wrappedKey.keyCipheredData);
      });
    }
    if (agreedKey !== undefined) {
      w.element('AgreedKey', () => {
        w.octets('KeyParameters', agreedKey.keyParameters);
        w.octets('KeyCipheredData', agreedKey.keyCipheredData);
      });
    }
  });
}

/** The protected APDU of an element, undefined when the element is another one. */
export function readProtectedXml(x: ElementReader): ProtectedApdu | undefined {
  const w = new Writer();
  for (const [name, tag] of SERVICE_ELEMENTS) {
    if (!x.is(name)) continue;
    w.octet(tag);
    w.octetString(x.octets(), name);
    return decoded(x, w, cipheredKindOf(tag) ?? name);
  }
  for (const kind of ['general-glo-ciphering', 'general-ded-ciphering'] as const) {
    if (!x.is(GENERAL_ELEMENTS[kind])) continue;
    w.octet(GENERAL_TAGS[kind]);
    w.octetString(child(x, 'SystemTitle'), 'SystemTitle');
    w.octetString(child(x, CIPHERED_CONTENT), CIPHERED_CONTENT[0]!);
    return decoded(x, w, kind);
  }
  if (x.is(GENERAL_ELEMENTS['general-ciphering'])) {
    w.octet(0xdd);
    writeGeneralHeader(w, readHeader(x));
    writeKeyInfo(w, x.optional('KeyInfo', readKeyInfoXml) ?? null);
    w.octetString(child(x, CIPHERED_CONTENT), CIPHERED_CONTENT[0]!);
    return decoded(x, w, 'general-ciphering');
  }
  if (!x.is(GENERAL_ELEMENTS['general-signing'])) return undefined;
  return { kind: 'general-signing', ...readHeader(x), content: child(x, 'Content'), signature: child(x, 'Signature') };
}

function child(x: ElementReader, names: string | readonly string[]): Uint8Array {
  return x.child(names, (value) => value.octets());
}

type Header = { [Member in (typeof HEADER_ELEMENTS)[number][0]]: Uint8Array };

function readHeader(x: ElementReader): Header {
  const octets = (name: string): Uint8Array => x.optional(name, (value) => value.octets()) ?? new Uint8Array(0);
  return {
    transactionId: octets('TransactionId'),
    originatorSystemTitle: octets('OriginatorSystemTitle'),
    recipientSystemTitle: octets('RecipientSystemTitle'),
    dateTime: octets('DateTime'),
    otherInformation: octets('OtherInformation'),
  };
}

function readKeyInfoXml(x: ElementReader): KeyInfo {
  return x.only('IdentifiedKey, WrappedKey or AgreedKey', (choice): KeyInfo => {
    if (choice.is('IdentifiedKey')) {
      const value = choice.attribute('Value')?.toLowerCase();
      if (value === 'unicast' || value === 'broadcast') return { identifiedKey: value };
      return choice.fail('bad-value', `'${value}'`, 'Unicast or Broadcast');
    }
    if (choice.is('WrappedKey')) {
      const kekId = choice.child('KekId', (id) => id.number(1));
      return { wrappedKey: { kekId, keyCipheredData: child(choice, 'KeyCipheredData') } };
    }
    if (choice.is('AgreedKey')) {
      const keyParameters = child(choice, 'KeyParameters');
      return { agreedKey: { keyParameters, keyCipheredData: child(choice, 'KeyCipheredData') } };
    }
    return choice.fail('unknown-element', choice.name, 'IdentifiedKey, WrappedKey or AgreedKey');
  });
}

/** Security headers are read by the decoder of octets, so that there is one place that knows them. */
function decoded(x: ElementReader, w: Writer, kind: string): ProtectedApdu {
  const octets = w.result();
  const result = decodeApdu(octets);
  if (!result.ok) return x.fail('bad-value', result.error.found, result.error.expected);
  if (isProtected(result.value)) return result.value;
  return x.fail('bad-value', `tag ${octetToHex(octets[0]!)}`, kind);
}

function isProtected(apdu: Apdu): apdu is ProtectedApdu {
  return 'security' in apdu || apdu.kind === 'general-signing';
}
