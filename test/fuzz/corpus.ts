import { clientAddress, serverAddress } from '../../engine/codec/hdlc/address.ts';
import { encodeHdlcFrame, type HdlcFrame } from '../../engine/codec/hdlc/frame.ts';
import { fromHex, toHex } from '../../engine/codec/hex.ts';
import { addEvenParity } from '../../engine/codec/iec62056-21/parity.ts';
import { segmentMbus } from '../../engine/codec/mbus/telegram.ts';
import { syntheticTcp } from '../../engine/codec/pcap/synthetic-tcp.ts';
import { writePcapng } from '../../engine/codec/pcap/write-pcapng.ts';
import { protect } from '../../engine/codec/security/protect.ts';
import { protectGeneral } from '../../engine/codec/security/protect-general.ts';
import { translate } from '../../engine/codec/translate/translate.ts';
import { translationToXml } from '../../engine/codec/translate/translation-xml.ts';
import { encodeWrapper } from '../../engine/codec/wrapper/wrapper.ts';
import { classicPcap, tcp } from '../unit/codec/pcap-builder.ts';
import { CERTIFICATES } from '../unit/codec/security-certificates.ts';
import { ORIGINATOR, partiesOf, RECIPIENT } from '../unit/codec/security-keys.ts';
import { OTHER_VECTORS, XDLMS_VECTORS } from '../unit/codec/xdlms-vectors.ts';

/** Our own vectors, from which the inputs of all targets are made. */

export const apdus: readonly Uint8Array[] = [...XDLMS_VECTORS, ...OTHER_VECTORS].map(([, hex]) => fromHex(hex));

const parties = partiesOf(1);
const titles = {
  systemTitle: ORIGINATOR,
  recipientSystemTitle: RECIPIENT,
  transactionId: fromHex('0102030405060708'),
  dateTime: new Uint8Array(0),
  otherInformation: new Uint8Array(0),
};
/** What receives the protected APDUs. */
export const receiver = { ...parties.server, systemTitle: ORIGINATOR };

/** A GET.request protected in every form, for the keys of `receiver`. */
export const protectedApdus: readonly Uint8Array[] = [
  ...(['glo', 'ded', 'general-glo', 'general-ded'] as const).map((service) => {
    const options = { suite: 1, authenticated: true, encrypted: true, invocationCounter: 1 } as const;
    return protect(apdus[5]!, { ...options, service, systemTitle: ORIGINATOR, keys: parties.client });
  }),
  ...(
    [
      { kind: 'identified', key: 'unicast' },
      { kind: 'wrapped', key: new Uint8Array(16).fill(0x5a) },
      { kind: 'one-pass', ephemeralKey: parties.ephemeralKey },
      { kind: 'static' },
    ] as const
  ).map((contentKey) => {
    const options = { suite: 1, authenticated: true, encrypted: true, invocationCounter: 1 } as const;
    return protectGeneral(apdus[5]!, { ...options, ...titles, contentKey, keys: parties.client });
  }),
  ...apdus.slice(-4),
];

/** A certificate request of a meter, P-256: made once, since no two signatures are the same. */
const REQUEST =
  'MIH3MIGeAgEAMBsxGTAXBgNVBAMMEDRENEQ0RDAwMDBCQzYxNEUwWTATBgcqhkjOPQIBBggqhkjOPQMBBwNCAAQ604YalWITklFr' +
  'tZPvBVg+0uWGb1y2JgowFyN/2JuQr9CWHH43B1pnkaOcYfVilbArbSZWe2FeYKpB7hyOgziNoCEwHwYJKoZIhvcNAQkOMRIwEDAO' +
  'BgNVHQ8BAf8EBAMCB4AwCgYIKoZIzj0EAwIDSAAwRQIgWSomphlVCb61yQLCWQVLCAXRa8jYRLOv85HLpkDdmXgCIQCCKIhS7OTZ' +
  'GrGBBn9WPAJR+sGOf3HSlfHVct6Lu3KOiQ==';
export const certificateRequests: readonly Uint8Array[] = [new Uint8Array(Buffer.from(REQUEST, 'base64'))];

export const certificates: readonly Uint8Array[] = Object.values(CERTIFICATES).map((base64) => {
  return new Uint8Array(Buffer.from(base64, 'base64'));
});

/** Lines of an IEC 62056-21 opening, with and without parity in the eighth bit. */
export const openings: readonly Uint8Array[] = [
  '/?!\r\n',
  '/?12345678!\r\n',
  '/ACM5\\2A1000\r\n',
  '\x06252\r\n',
].flatMap((text) => {
  const characters = Uint8Array.from(text, (character) => character.charCodeAt(0));
  return [characters, addEvenParity(characters)];
});

export const data: readonly Uint8Array[] = [
  '00',
  '0103110111021103',
  '0202090c07ea0b170109000000ffc4000600000001',
  '130202121106000102000304',
  '13011000021217 04 0000'.replaceAll(' ', ''),
  '04 0b a5e0'.replaceAll(' ', ''),
  '15ffffffffffffffff',
  '0c04c3a4c3b6',
  '1907ea0b170109000000ffc400',
  '17 7fc00000'.replace(' ', ''),
].map(fromHex);

const [client, server] = [clientAddress(16), serverAddress(1, 17)];

function frame(kind: HdlcFrame['kind'], information: Uint8Array, segmented = false): Uint8Array {
  const route = { destination: server, source: client, pollFinal: true, segmented, information };
  return encodeHdlcFrame({ kind, ns: 0, nr: 0, ...route } as HdlcFrame);
}

export const hdlc: readonly Uint8Array[] = [
  fromHex('7ea0070321930f017e'),
  fromHex('7ea01e210373c37a818012050180060180070400000001080400000001533b7e'),
  frame('RR', new Uint8Array(0)),
  frame('DISC', new Uint8Array(0)),
  frame('I', Uint8Array.from([0xe6, 0xe6, 0, ...apdus[5]!])),
  frame('I', Uint8Array.from([0xe6, 0xe7, 0, ...apdus[10]!]), true),
  frame('UI', Uint8Array.from([0xe6, 0xe7, 0, ...apdus.at(-1)!])),
];

export const hdlcParameters: readonly Uint8Array[] = [
  '8180120501800601800704000000010804000000 01'.replace(' ', ''),
  '8180140502008006020080070400000007080400000001',
  '818000',
].map(fromHex);

export const dateTimes: readonly Uint8Array[] = [
  '07ea0b170109000000ffc400',
  'fffffeff02ffffff00800000ff'.slice(0, 24),
  '07ea0b1701',
  '09000000',
].map(fromHex);

export const wrapper: readonly Uint8Array[] = apdus.map((apdu) => encodeWrapper({ source: 16, destination: 1, apdu }));

export const mbus: readonly Uint8Array[] = [apdus[40]!, new Uint8Array(600).fill(0x0f)].flatMap((apdu) =>
  segmentMbus(apdu, { c: 0x53, a: 0xff, stsap: 1, dtsap: 103 }),
);

const traced = wrapper.slice(0, 12).map((octets, i) => {
  return { time: i, direction: i % 2 === 0 ? 'tx' : 'rx', octets } as const;
});

export const captures: readonly Uint8Array[] = [
  writePcapng(syntheticTcp(traced), 'fuzz'),
  classicPcap(
    101,
    hdlc.map((octets, i) => ({
      time: i,
      octets: tcp({ from: [1, 50000], to: [2, 4059] }, { sequence: 100 * i }, octets),
    })),
    true,
    false,
  ),
];

/** Octets of a session as they go one way over a connection, for streams. */
export const streams: readonly Uint8Array[] = [hdlc, wrapper.slice(0, 20)].map((messages) => {
  return Uint8Array.from(messages.flatMap((octets) => [...octets]));
});

export const texts: readonly Uint8Array[] = [
  'TX: 7E A0 07 03 21 93 0F 01 7E # SNRM\n[12:00:01.5] RX 0x7E, 0xA0 // x\n/* c */ \\x7e',
  '00000000: c001 c100 0800 0001 0000 ff02 00  ................',
  '<- c4 01 c1 00',
].map((text) => new TextEncoder().encode(text));

export const xml: readonly Uint8Array[] = apdus.flatMap((octets) => {
  const { value } = translate(octets, { layer: 'apdu' });
  return value === null ? [] : translationToXml(value).map((text) => new TextEncoder().encode(text));
});

export const json: readonly Uint8Array[] = [...apdus, ...hdlc, ...wrapper.slice(0, 3), ...mbus].map((octets) => {
  const { value } = translate(octets);
  return new TextEncoder().encode(JSON.stringify(value ?? { hex: toHex(octets) }));
});
