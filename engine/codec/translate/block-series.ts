import type { Apdu } from '../apdu.ts';
import type { JsonObject } from '../apdu-json.ts';
import { GeneralBlockJoiner } from '../pcap/general-block-joiner.ts';
import type { Deviation, Field } from '../result.ts';
import { undecodable } from './lpdus.ts';
import { OffsetMap } from './offset-map.ts';
import { type RenderedApdu, renderApdu } from './render-apdu.ts';
import type { TranslateOptions } from './types.ts';

/** APDUs in general blocks, put together from messages translated one after the other. */
export class BlockSeries {
  readonly #options: TranslateOptions;
  readonly #joiners = new Map<string, GeneralBlockJoiner>();
  /** Where the octets of the blocks came from. */
  readonly #places = new Map<Uint8Array, OffsetMap>();
  /** `{blocks, apdu}` each, as far as they are complete. */
  readonly joined: JsonObject[] = [];
  readonly deviations: Deviation[] = [];
  readonly fields: Field[] = [];
  /** The first that could not be decoded. */
  error: Extract<RenderedApdu, { ok: false }>['error'] | undefined;

  constructor(options: TranslateOptions) {
    this.#options = options;
  }

  /** `octets` are those the APDU was decoded from, `map` places them; blocks of one `sender` make a series. */
  add(sender: string, apdu: Apdu, octets: Uint8Array, map: OffsetMap): void {
    if (apdu.kind !== 'general-block-transfer') return;
    const from = apdu.raw.byteOffset - octets.byteOffset;
    this.#places.set(apdu.raw, map.part(from, from + apdu.raw.length));
    const joiner = this.#joiners.get(sender) ?? new GeneralBlockJoiner();
    this.#joiners.set(sender, joiner);
    const series = joiner.add(apdu);
    if (series.type === 'apdu') this.#whole(series.octets, series.parts);
  }

  #whole(octets: Uint8Array, parts: readonly Uint8Array[]): void {
    const map = new OffsetMap();
    for (const part of parts) {
      const place = this.#places.get(part);
      if (place !== undefined) map.append(place);
    }
    const blocks = parts.length;
    const rendered = renderApdu(octets, map, this.#options);
    this.deviations.push(...rendered.deviations);
    this.joined.push({ blocks, apdu: rendered.ok ? rendered.value : undecodable(rendered.error, octets) });
    if (!rendered.ok) {
      this.error ??= rendered.error;
      const { layer, offset, found, expected } = rendered.error;
      const description = `APDU in general blocks: found ${found}, expected ${expected}`;
      this.deviations.push({ id: 'apdu-undecodable', layer, offset, description });
    }
    const [first] = rendered.fields;
    const last = rendered.fields.at(-1);
    if (first === undefined || last === undefined) return;
    const name = `APDU in ${blocks} general ${blocks === 1 ? 'block' : 'blocks'}`;
    this.fields.push({ name, from: first.from, to: last.to, children: [...rendered.fields] });
  }
}
