import type { JsonObject } from '../apdu-json.ts';
import { octetToHex, toHex } from '../hex.ts';
import { isLastSegment, MBUS_DATA_AT, type MbusFrame, segmentNumber } from '../mbus/frame.ts';
import { decodeMbusTelegram, type PlacedSegment } from '../mbus/telegram.ts';
import type { CodecError, Deviation, Field } from '../result.ts';
import { BlockSeries } from './block-series.ts';
import { OffsetMap } from './offset-map.ts';
import { renderApdu } from './render-apdu.ts';
import type { TranslateOptions, Translation } from './types.ts';

/** Control octets SND_UD, with frame count bit 0 and 1. */
const SEND_USER_DATA: ReadonlySet<number> = new Set([0x53, 0x73]);
const ALL_STATIONS = 0xff;

/** M-Bus long frames: one APDU in one or more of them, or several APDUs one after the other. */
export function translateMbus(octets: Uint8Array, options: TranslateOptions): Translation {
  const values: JsonObject[] = [];
  const kinds: string[] = [];
  const deviations: Deviation[] = [];
  const fields: Field[] = [];
  const series = new BlockSeries(options);
  const wanted = options.fields ? { fields } : {};
  const failed = (error: CodecError): Translation => {
    return { ok: false, layer: 'mbus', kind: 'error', value: null, error, deviations, ...wanted };
  };
  for (let at = 0; at < octets.length || values.length === 0; ) {
    const decoded = decodeMbusTelegram(octets, at);
    if (!decoded.ok) return failed(decoded.error);
    const { frames, apdu, next } = decoded.value;
    const refused = options.strict ? decoded.deviations[0] : undefined;
    if (refused) return failed(strictError(refused));
    deviations.push(...decoded.deviations);
    const map = new OffsetMap();
    for (const { frame, from } of frames) map.add(from + MBUS_DATA_AT, frame.data.length);
    fields.push(...frames.map(frameField));
    const rendered = renderApdu(apdu, map, options);
    deviations.push(...rendered.deviations);
    fields.push(...rendered.fields);
    if (!rendered.ok) return failed(rendered.error);
    values.push({ frames: frames.map(({ frame }) => frameToJson(frame)), apdu: rendered.value });
    kinds.push(rendered.apdu.kind);
    const { a, stsap, dtsap } = frames[0]!.frame;
    series.add(`${a} ${stsap} ${dtsap}`, rendered.apdu, apdu, map);
    at = next;
  }
  if (series.error && options.strict) return failed(series.error);
  deviations.push(...series.deviations);
  fields.push(...series.fields);
  const joined = series.joined.length > 0 ? { joined: series.joined } : {};
  const value = { ...(values.length === 1 ? values[0]! : { telegrams: values }), ...joined };
  return { ok: true, layer: 'mbus', kind: `mbus ${kinds.join('+')}`, value, deviations, ...wanted };
}

function strictError(deviation: Deviation): CodecError {
  const { layer, offset, id, description } = deviation;
  return {
    code: 'bad-frame',
    layer,
    offset,
    found: `deviation ${id}: ${description}`,
    expected: 'what the standard says',
  };
}

function frameToJson(frame: MbusFrame): JsonObject {
  return {
    c: octetToHex(frame.c),
    a: octetToHex(frame.a),
    ci: octetToHex(frame.ci),
    stsap: frame.stsap,
    dtsap: frame.dtsap,
    data: toHex(frame.data),
  };
}

function frameField({ frame, from, to }: PlacedSegment): Field {
  const clause = 'EN 13757-3';
  const octet = (name: string, at: number, value: string): Field => {
    return { name, from: from + at, to: from + at + 1, value, clause };
  };
  const children: Field[] = [
    { name: 'start, length', from, to: from + 4, value: `${to - from - 6} octets`, clause },
    octet('control', 4, SEND_USER_DATA.has(frame.c) ? `${octetToHex(frame.c)} (send user data)` : octetToHex(frame.c)),
    octet('address', 5, frame.a === ALL_STATIONS ? 'ff (all stations)' : octetToHex(frame.a)),
    octet('control information', 6, `segment ${segmentNumber(frame)}${isLastSegment(frame) ? ', last' : ''}`),
    octet('STSAP', 7, `${frame.stsap}`),
    octet('DTSAP', 8, `${frame.dtsap}`),
    { name: 'data', from: from + MBUS_DATA_AT, to: to - 2, value: `${frame.data.length} octets`, clause },
    { name: 'checksum, stop', from: to - 2, to, value: 'correct', clause },
  ];
  return { name: 'M-Bus frame', from, to, children };
}
