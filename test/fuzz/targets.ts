import assert from 'node:assert/strict';
import { decodeApdu, encodeApdu } from '../../engine/codec/apdu-codec.ts';
import { apduFromJson, apduToJson } from '../../engine/codec/apdu-json.ts';
import { decodeDate, decodeDateTime, decodeTime } from '../../engine/codec/axdr/date-time.ts';
import { decodeData } from '../../engine/codec/axdr/decode-data.ts';
import { encodeData } from '../../engine/codec/axdr/encode-data.ts';
import { HdlcDeframer, MAX_PENDING_OCTETS } from '../../engine/codec/hdlc/deframer.ts';
import { decodeHdlcFrame, encodeHdlcFrame } from '../../engine/codec/hdlc/frame.ts';
import { decodeHdlcParameters } from '../../engine/codec/hdlc/parameters.ts';
import { fromHex, toHex } from '../../engine/codec/hex.ts';
import { decodeIdentification } from '../../engine/codec/iec62056-21/identification.ts';
import { LineSplitter } from '../../engine/codec/iec62056-21/line-splitter.ts';
import { decodeOptionSelect } from '../../engine/codec/iec62056-21/option-select.ts';
import { decodeRequestMessage } from '../../engine/codec/iec62056-21/request-message.ts';
import { MAX_MBUS_FRAME, MbusDeframer } from '../../engine/codec/mbus/deframer.ts';
import { decodeMbusTelegram } from '../../engine/codec/mbus/telegram.ts';
import { readCapture } from '../../engine/codec/pcap/capture.ts';
import { dialogueOf } from '../../engine/codec/pcap/dialogue.ts';
import type { Decoded, Field } from '../../engine/codec/result.ts';
import { revealApdu, revealedToJson } from '../../engine/codec/reveal.ts';
import { certificateFields } from '../../engine/codec/security/certificate-fields.ts';
import { readCertificateRequest } from '../../engine/codec/security/certificate-request.ts';
import { certificateSystemTitle, readCertificate } from '../../engine/codec/security/certificates.ts';
import { readPrivateKey, readPublicKey } from '../../engine/codec/security/key-material.ts';
import { nameText } from '../../engine/codec/security/x500-name.ts';
import { octetsFromTranslation } from '../../engine/codec/translate/octets-from-json.ts';
import { parseHexInput } from '../../engine/codec/translate/parse-hex-input.ts';
import { translate } from '../../engine/codec/translate/translate.ts';
import { translationToXml } from '../../engine/codec/translate/translation-xml.ts';
import { WrapperDeframer } from '../../engine/codec/wrapper/deframer.ts';
import { decodeWrapper } from '../../engine/codec/wrapper/wrapper.ts';
import { apduToXml, pduFromXml } from '../../engine/codec/xml/apdu-xml.ts';
import { HdlcClientLink } from '../../engine/link/hdlc-client-link.ts';
import { HdlcServerLink } from '../../engine/link/hdlc-server-link.ts';
import { PushDatagramReceiver, PushReceiver } from '../../engine/link/push-receiver.ts';
import { WrapperClientLink } from '../../engine/link/wrapper-client-link.ts';
import { WrapperServerLink } from '../../engine/link/wrapper-server-link.ts';
import * as corpus from './corpus.ts';
import type { Random } from './random.ts';

/** A decoder under test. `run` gets mutated octets, fails by throwing, and says whether they were accepted. */
export interface FuzzTarget {
  readonly name: string;
  readonly corpus: readonly Uint8Array[];
  /** How often it has its turn, relative to the others. */
  readonly weight: number;
  readonly run: (octets: Uint8Array, random: Random) => boolean;
}

const keys = {
  guek: fromHex('000102030405060708090a0b0c0d0e0f'),
  gak: fromHex('d0d1d2d3d4d5d6d7d8d9dadbdcdddedf'),
  systemTitle: fromHex('4d4d4d0000bc614e'),
};

/** Errors are inside of the octets, with words for people. */
function checkResult(result: Decoded<unknown>, length: number): boolean {
  for (const { offset } of result.deviations) assert.ok(offset >= 0 && offset <= length, `deviation at ${offset}`);
  if (result.ok) return true;
  const { offset, found, expected } = result.error;
  assert.ok(offset >= 0 && offset <= length, `error at ${offset} of ${length}`);
  assert.ok(found.length > 0 && expected.length > 0);
  return false;
}

function checkFields(fields: readonly Field[], from: number, to: number): void {
  for (const field of fields) {
    assert.ok(
      from <= field.from && field.from <= field.to && field.to <= to,
      `${field.name} ${field.from}..${field.to}`,
    );
    if (field.children !== undefined) checkFields(field.children, field.from, field.to);
  }
}

/** Cuts octets into pieces as a transport may. */
function* pieces(octets: Uint8Array, random: Random): Generator<Uint8Array> {
  for (let at = 0; at < octets.length; ) {
    const length = 1 + random.below(random.below(4) === 0 ? 200 : 12);
    yield octets.subarray(at, at + length);
    at += length;
  }
}

function text(octets: Uint8Array): string {
  return new TextDecoder().decode(octets);
}

const VALUES = ['', '0', 'FF', '-1', 'FFFFFFFFFF', 'true', 'zz', 'unknown(300)', '07EA0B170109000000FFC400', 'Success'];

/** One of the texts with some of its quoted values, numbers and names exchanged: the structure stays right. */
function otherValues(texts: readonly Uint8Array[], random: Random): Uint8Array {
  const original = text(random.pick(texts));
  const changed = original.replace(/"[^"<>]*"|\b\d+\b/g, (value) => {
    if (random.below(8) !== 0) return value;
    return value.startsWith('"') ? `"${random.pick(VALUES)}"` : String(random.below(0x10000) - 5);
  });
  return new TextEncoder().encode(changed);
}

export const targets: readonly FuzzTarget[] = [
  { name: 'apdu', corpus: corpus.apdus, weight: 8, run: apdu },
  { name: 'apdu, any octets', corpus: corpus.apdus, weight: 2, run: anyApdu },
  { name: 'data', corpus: corpus.data, weight: 4, run: data },
  { name: 'protection', corpus: corpus.protectedApdus, weight: 1, run: protection },
  { name: 'certificate', corpus: corpus.certificates, weight: 1, run: certificate },
  { name: 'certificate request', corpus: corpus.certificateRequests, weight: 1, run: certificateRequest },
  { name: 'mode E opening', corpus: corpus.openings, weight: 1, run: opening },
  { name: 'date-time', corpus: corpus.dateTimes, weight: 1, run: dateTime },
  { name: 'hdlc frame', corpus: corpus.hdlc, weight: 3, run: hdlcFrame },
  { name: 'hdlc parameters', corpus: corpus.hdlcParameters, weight: 1, run: hdlcParameters },
  { name: 'hdlc stream', corpus: corpus.streams, weight: 2, run: hdlcStream },
  { name: 'wrapper', corpus: corpus.wrapper, weight: 2, run: wrapper },
  { name: 'wrapper stream', corpus: corpus.streams, weight: 2, run: wrapperStream },
  { name: 'm-bus', corpus: corpus.mbus, weight: 1, run: mbus },
  { name: 'm-bus stream', corpus: corpus.mbus, weight: 1, run: mbusStream },
  { name: 'pushes', corpus: [...corpus.streams, ...corpus.mbus, ...corpus.apdus], weight: 1, run: pushes },
  { name: 'links', corpus: corpus.streams, weight: 1, run: links },
  { name: 'translate', corpus: [...corpus.hdlc, ...corpus.wrapper, ...corpus.mbus], weight: 2, run: translation },
  { name: 'capture', corpus: corpus.captures, weight: 1, run: capture },
  { name: 'hex text', corpus: corpus.texts, weight: 1, run: hexText },
  { name: 'xml', corpus: corpus.xml, weight: 1, run: xml },
  { name: 'xml values', corpus: corpus.xml, weight: 1, run: (_, random) => xml(otherValues(corpus.xml, random)) },
  { name: 'json', corpus: corpus.json, weight: 1, run: json },
  { name: 'json values', corpus: corpus.json, weight: 1, run: (_, random) => json(otherValues(corpus.json, random)) },
];

function apdu(octets: Uint8Array, random: Random): boolean {
  const fields = random.below(3) === 0;
  const strict = random.below(5) === 0;
  const decoded = decodeApdu(octets, { fields, strict });
  checkFields(decoded.fields ?? [], 0, octets.length);
  if (!checkResult(decoded, octets.length) || !decoded.ok) return false;
  assert.ok(!strict || decoded.deviations.length === 0, 'strict decoding has no deviations');
  assert.equal(toHex(encodeApdu(decoded.value)), toHex(octets));
  const canonical = encodeApdu({ ...decoded.value });
  assert.ok(decodeApdu(canonical).ok, 'the canonical encoding decodes');
  assert.equal(toHex(encodeApdu(apduFromJson(apduToJson(decoded.value)))), toHex(canonical), 'through JSON');
  return true;
}

function anyApdu(octets: Uint8Array, random: Random): boolean {
  const any = new Uint8Array(octets);
  for (let i = 1; i < any.length; i++) any[i] = random.below(256);
  if (any.length > 0) any[0] = random.below(256);
  return checkResult(decodeApdu(any, { allowTrailing: random.below(2) === 0 }), any.length);
}

function data(octets: Uint8Array, random: Random): boolean {
  const decoded = decodeData(octets, { fields: random.below(3) === 0 });
  checkFields(decoded.fields ?? [], 0, octets.length);
  if (!checkResult(decoded, octets.length) || !decoded.ok) return false;
  assert.equal(toHex(encodeData(decoded.value)), toHex(octets));
  return true;
}

/** Few changes leave an authentication tag right: accepted is what decodes, opened or not. */
function protection(octets: Uint8Array): boolean {
  const revealed = revealApdu(octets, { keys: corpus.receiver });
  if (revealed.ok) JSON.stringify(revealedToJson(revealed.value));
  return revealed.ok;
}

function certificate(octets: Uint8Array): boolean {
  const read = readCertificate(octets);
  certificateSystemTitle(octets);
  readPublicKey(octets);
  readPrivateKey(octets);
  nameText(certificateFields(octets).subjectName);
  return read.ok;
}

/** A request with a changed octet has a wrong signature: nearly all are refused, none throws. */
function certificateRequest(octets: Uint8Array): boolean {
  const read = readCertificateRequest(octets);
  nameText(octets);
  return read.ok;
}

function opening(octets: Uint8Array): boolean {
  const { lines } = new LineSplitter().push(octets);
  const results = [octets, ...lines].flatMap((line) => {
    return [decodeIdentification(line), decodeOptionSelect(line), decodeRequestMessage(line)].map((result) => {
      return checkResult(result, line.length);
    });
  });
  return results.some((ok) => ok);
}

function dateTime(octets: Uint8Array): boolean {
  return [decodeDateTime(octets), decodeDate(octets), decodeTime(octets)].some((value) => value !== undefined);
}

function hdlcFrame(octets: Uint8Array, random: Random): boolean {
  const decoded = decodeHdlcFrame(octets, 0, { fields: random.below(3) === 0 });
  checkFields(decoded.fields ?? [], 0, octets.length);
  if (!checkResult(decoded, octets.length) || !decoded.ok) return false;
  const { frame, next } = decoded.value;
  assert.equal(toHex(encodeHdlcFrame(frame)), toHex(octets.subarray(0, next)));
  return true;
}

function hdlcParameters(octets: Uint8Array): boolean {
  return checkResult(decodeHdlcParameters(octets), octets.length);
}

function hdlcStream(octets: Uint8Array, random: Random): boolean {
  const deframer = new HdlcDeframer();
  let frames = 0;
  for (const piece of pieces(octets, random)) {
    frames += deframer.push(piece).filter(({ type }) => type === 'frame').length;
    assert.ok(deframer.pendingOctets <= MAX_PENDING_OCTETS + piece.length, `${deframer.pendingOctets} octets pending`);
  }
  deframer.flush();
  assert.equal(deframer.pendingOctets, 0);
  return frames > 0;
}

function wrapper(octets: Uint8Array, random: Random): boolean {
  const decoded = decodeWrapper(octets, 0, { fields: random.below(3) === 0 });
  checkFields(decoded.fields ?? [], 0, octets.length);
  return checkResult(decoded, octets.length);
}

function wrapperStream(octets: Uint8Array, random: Random): boolean {
  const deframer = new WrapperDeframer();
  let messages = 0;
  for (const piece of pieces(octets, random)) {
    messages += deframer.push(piece).filter(({ type }) => type === 'message').length;
    assert.ok(deframer.pendingOctets <= octets.length);
  }
  return messages > 0;
}

function mbus(octets: Uint8Array): boolean {
  return checkResult(decodeMbusTelegram(octets), octets.length);
}

function mbusStream(octets: Uint8Array, random: Random): boolean {
  const deframer = new MbusDeframer();
  let frames = 0;
  for (const piece of pieces(octets, random)) {
    frames += deframer.push(piece).filter(({ type }) => type === 'frame').length;
    assert.ok(deframer.pendingOctets <= MAX_MBUS_FRAME, `${deframer.pendingOctets} octets pending`);
  }
  deframer.flush();
  assert.equal(deframer.pendingOctets, 0);
  return frames > 0;
}

/** What meters send without being asked, as a stream and as datagrams. */
function pushes(octets: Uint8Array, random: Random): boolean {
  const [stream, datagrams] = [new PushReceiver(), new PushDatagramReceiver()];
  const events = [...datagrams.receive(octets)];
  let now = 0;
  for (const piece of pieces(octets, random)) {
    events.push(...stream.receive(piece, now));
    now += random.below(20) === 0 ? 5000 : 1;
    events.push(...stream.tick(now));
  }
  return events.some(({ type }) => type === 'apdu');
}

/** Client and server links on octets of anybody: no throw, and they stay usable. */
function links(octets: Uint8Array, random: Random): boolean {
  const clients = [
    new HdlcClientLink({ client: 16, server: { upper: 1 } }),
    new WrapperClientLink({ client: 16, server: 1 }),
  ];
  const servers = [new HdlcServerLink({ accepts: () => 'accept' }), new WrapperServerLink({ accepts: () => true })];
  let heard = 0;
  for (const link of clients) link.open(0);
  for (const piece of pieces(octets, random)) {
    for (const link of [...clients, ...servers]) {
      for (const event of link.receive(piece, heard)) if (event.type === 'apdu') heard++;
      link.tick(heard + random.below(1000));
    }
  }
  for (const link of clients) link.close(heard);
  for (const link of servers) link.close(heard);
  return heard > 0;
}

function translation(octets: Uint8Array, random: Random): boolean {
  const result = translate(octets, { keys, fields: random.below(2) === 0, strict: random.below(4) === 0 });
  checkFields(result.fields ?? [], 0, octets.length);
  if (!result.ok) return false;
  JSON.stringify(result.value);
  return true;
}

function capture(octets: Uint8Array): boolean {
  const { connections, packets } = readCapture(octets);
  let events = 0;
  for (const connection of connections) for (const _ of dialogueOf(connection, { keys: [keys] })) events++;
  assert.ok(events <= 4 * octets.length + 16, `${events} events of ${octets.length} octets`);
  return packets > 0;
}

function hexText(octets: Uint8Array): boolean {
  return parseHexInput(text(octets)).ok;
}

function xml(octets: Uint8Array): boolean {
  const result = pduFromXml(text(octets));
  if (!result.ok) {
    assert.ok(result.error.line > 0 && result.error.column > 0);
    return false;
  }
  if ('apdu' in result.value) {
    const again = pduFromXml(apduToXml(result.value.apdu));
    assert.ok(again.ok, 'its own XML reads back');
  }
  return true;
}

/** Values of a person: wrong ones are refused with TypeError or RangeError, and nothing else. */
function json(octets: Uint8Array): boolean {
  let value: unknown;
  try {
    value = JSON.parse(text(octets));
  } catch {
    return false;
  }
  try {
    const encoded = octetsFromTranslation(value);
    const result = translate(encoded);
    if (result.ok) translationToXml(result.value);
    return true;
  } catch (error) {
    assert.ok(error instanceof TypeError || error instanceof RangeError, String(error));
    return false;
  }
}
