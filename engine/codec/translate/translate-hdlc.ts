import type { Json, JsonObject } from '../apdu-json.ts';
import type { HdlcAddress } from '../hdlc/address.ts';
import { decodeHdlcFrame, FLAG, type HdlcFrame, isFormatOctet, type PlacedHdlcFrame } from '../hdlc/frame.ts';
import { decodeHdlcParameters } from '../hdlc/parameters.ts';
import { toHex } from '../hex.ts';
import { concatOctets } from '../octets.ts';
import type { CodecError, Deviation, Field } from '../result.ts';
import { BlockSeries } from './block-series.ts';
import { type RenderedLpdu, renderLpdus } from './lpdus.ts';
import { OffsetMap } from './offset-map.ts';
import type { TranslateOptions, Translation } from './types.ts';

/** Segments of one direction, waiting for the last. */
interface Pending {
  readonly parts: Uint8Array[];
  readonly map: OffsetMap;
}

/** Frames with their flags; see `Translation`. Bare frames without flags are the deviation `hdlc-flags-missing`. */
export function translateHdlc(octets: Uint8Array, options: TranslateOptions): Translation {
  if (octets.length > 0 && isFormatOctet(octets[0]!)) return translateBare(octets, options);
  return new HdlcTranslator(octets, options).translate();
}

function translateBare(octets: Uint8Array, options: TranslateOptions): Translation {
  const flagged = Uint8Array.from([FLAG, ...octets, ...(octets.at(-1) === FLAG ? [] : [FLAG])]);
  const translation = new HdlcTranslator(flagged, options).translate();
  const place = (offset: number): number => Math.min(octets.length, Math.max(0, offset - 1));
  const missing: Deviation = {
    id: 'hdlc-flags-missing',
    layer: 'hdlc',
    offset: 0,
    description: 'frame without its flags 7e',
  };
  const shifted = (field: Field): Field => {
    const moved: Field = { ...field, from: place(field.from), to: place(field.to) };
    if (field.children) moved.children = field.children.map(shifted);
    return moved;
  };
  const deviations = [missing, ...translation.deviations.map((d) => ({ ...d, offset: place(d.offset) }))];
  const fields = translation.fields ? { fields: translation.fields.map(shifted) } : {};
  if (!translation.ok) {
    const error = { ...translation.error, offset: place(translation.error.offset) };
    return { ...translation, error, deviations, ...fields };
  }
  if (!options.strict) return { ...translation, deviations, ...fields };
  const error: CodecError = {
    code: 'bad-frame',
    layer: 'hdlc',
    offset: 0,
    found: 'no flag',
    expected: 'an opening flag 7e',
  };
  return { ok: false, layer: 'hdlc', kind: 'error', value: null, error, deviations: [], ...fields };
}

class HdlcTranslator {
  readonly #octets: Uint8Array;
  readonly #options: TranslateOptions;
  readonly #frames: HdlcFrame[] = [];
  readonly #frameValues: JsonObject[] = [];
  readonly #lpdus: RenderedLpdu[] = [];
  readonly #pending = new Map<string, Pending>();
  readonly #deviations: Deviation[] = [];
  readonly #fields: Field[] = [];
  readonly #series: BlockSeries;

  constructor(octets: Uint8Array, options: TranslateOptions) {
    this.#octets = octets;
    this.#options = options;
    this.#series = new BlockSeries(options);
  }

  translate(): Translation {
    for (let at = 0; at < this.#octets.length || this.#frames.length === 0; ) {
      const decoded = decodeHdlcFrame(this.#octets, at, this.#options);
      if (!decoded.ok) return this.#failed(decoded.error);
      const error = this.#frame(decoded.value, at, decoded.fields ?? []);
      if (error) return this.#failed(error);
      at = this.#nextFrame(decoded.value.next);
    }
    const kinds = this.#lpdus.map(({ kind }) => kind).join('+');
    const frames = this.#frames.map(({ kind }) => kind).join('+');
    const value: { [name: string]: Json } = { frames: this.#frameValues };
    if (this.#lpdus.length > 0) value.apdus = this.#lpdus.map((lpdu) => lpdu.value);
    const { joined, deviations, error } = this.#series;
    if (error !== undefined && this.#options.strict) return this.#failed(error);
    this.#deviations.push(...deviations);
    this.#fields.push(...this.#series.fields);
    if (joined.length > 0) value.joined = joined;
    const pending = [...this.#pending.values()].map(({ parts }) => parts.map(toHex).join(''));
    if (pending.length > 0) value.pendingSegment = pending.length === 1 ? pending[0]! : pending;
    const kind = `hdlc ${frames}${kinds ? ` ${kinds}` : ''}`;
    return { ok: true, layer: 'hdlc', kind, value, deviations: this.#deviations, ...this.#fieldsIfWanted() };
  }

  /** Skips flags between frames. A flag that also opens the next frame is stepped back to. */
  #nextFrame(behindFlag: number): number {
    let at = behindFlag;
    while (this.#octets[at] === FLAG) at++;
    return at < this.#octets.length ? at - 1 : at;
  }

  #frame(placed: PlacedHdlcFrame, at: number, fields: readonly Field[]): CodecError | undefined {
    const { frame, next } = placed;
    const information = next - 3 - frame.information.length;
    const value: { [name: string]: Json } = {
      segmented: frame.segmented,
      length: placed.length,
      dest: addressToJson(frame.destination),
      src: addressToJson(frame.source),
      frame: frame.kind,
    };
    if (frame.kind === 'I') value.ns = frame.ns;
    if ('nr' in frame) value.nr = frame.nr;
    value.pf = frame.pollFinal;
    value.fcsOk = true;
    if (frame.information.length > 0) value.hcsOk = true;
    value.info = toHex(frame.information);
    this.#frames.push(frame);
    this.#frameValues.push(value);
    const name = `${frame.kind} frame`;
    this.#fields.push({ name, from: at, to: next, children: [...fields] });
    if (frame.information.length === 0) return undefined;
    if (frame.kind === 'SNRM' || frame.kind === 'UA') return this.#parameters(frame, information, value);
    return frame.kind === 'I' || frame.kind === 'UI' ? this.#information(frame, information) : undefined;
  }

  #parameters(frame: HdlcFrame, at: number, value: { [name: string]: Json }): CodecError | undefined {
    const decoded = decodeHdlcParameters(frame.information);
    if (decoded.ok) {
      value.parameters = { ...decoded.value };
      return undefined;
    }
    const error = { ...decoded.error, offset: at + decoded.error.offset };
    if (this.#options.strict) return error;
    const description = `parameters: found ${error.found}, expected ${error.expected}`;
    this.#deviations.push({ id: 'hdlc-parameters-unreadable', layer: 'hdlc', offset: error.offset, description });
    return undefined;
  }

  #information(frame: HdlcFrame, at: number): CodecError | undefined {
    const key = `${frame.kind} ${JSON.stringify([frame.source, frame.destination])}`;
    const pending = this.#pending.get(key) ?? { parts: [], map: new OffsetMap() };
    pending.parts.push(frame.information);
    pending.map.add(at, frame.information.length);
    if (frame.segmented) {
      this.#pending.set(key, pending);
      return undefined;
    }
    this.#pending.delete(key);
    const rendered = renderLpdus(concatOctets(pending.parts), pending.map, this.#options);
    this.#deviations.push(...rendered.deviations);
    this.#attach(rendered.fields, pending.parts.length);
    for (const { error } of rendered.lpdus) {
      if (!error) continue;
      if (this.#options.strict) return error;
      const description = `APDU: found ${error.found}, expected ${error.expected}`;
      this.#deviations.push({ id: 'apdu-undecodable', layer: error.layer, offset: error.offset, description });
    }
    for (const { apdu, octets, map } of rendered.lpdus) if (apdu) this.#series.add(key, apdu, octets, map);
    this.#lpdus.push(...rendered.lpdus);
    return undefined;
  }

  /** Fields of an APDU go below the information field they are in; those of a segmented one stand for themselves. */
  #attach(fields: Field[] | readonly Field[], segments: number): void {
    if (fields.length === 0) return;
    const information = this.#fields.at(-1)?.children?.find(({ name }) => name === 'information');
    if (segments === 1 && information) information.children = [...fields];
    else {
      const [from, to] = [fields[0]!.from, fields.at(-1)!.to];
      this.#fields.push({ name: `APDU in ${segments} segments`, from, to, children: [...fields] });
    }
  }

  #failed(error: CodecError): Translation {
    const deviations = this.#deviations;
    return { ok: false, layer: 'hdlc', kind: 'error', value: null, error, deviations, ...this.#fieldsIfWanted() };
  }

  #fieldsIfWanted(): { fields?: readonly Field[] } {
    return this.#options.fields ? { fields: this.#fields } : {};
  }
}

function addressToJson(address: HdlcAddress): JsonObject {
  return address.bytes === 1
    ? { bytes: 1, value: address.value }
    : { bytes: address.bytes, upper: address.upper, lower: address.lower };
}
