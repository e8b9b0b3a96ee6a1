import type { JsonObject } from '../apdu-json.ts';
import type { JsonData } from '../axdr/data-json.ts';
import type { CodecError, DecodeOptions, Deviation, Field } from '../result.ts';
import type { KeyRing } from '../security/types.ts';

/** What octets may begin with. `data` is one A-XDR Data, `llc` an APDU behind its LLC header. */
export type TranslateLayer = 'hdlc' | 'wrapper' | 'llc' | 'apdu' | 'data' | 'mbus';

export interface TranslateOptions extends DecodeOptions {
  /** Default `auto`: told from the octets. */
  readonly layer?: TranslateLayer | 'auto';
  /** Deciphers protected APDUs: their JSON then has `plain` (hex) and `inner` (the APDU inside). */
  readonly keys?: KeyRing;
}

/**
 * Octets of any layer as a JSON tree.
 *
 * | layer | kind | value |
 * |---|---|---|
 * | hdlc | `hdlc I+I get-response` | `{frames, apdus?, pendingSegment?}` |
 * | wrapper | `wrapper aarq` | `{src, dest, length, apdu}`, several: `{messages: [..]}` |
 * | llc | `llc aare` | `{llc, apdu}`, several: `{apdus: [..]}` |
 * | mbus | `mbus data-notification` | `{frames, apdu}`, several: `{telegrams: [..]}` |
 * | apdu | the APDU's kind | as `apduToJson` |
 * | data | `data:structure` | as `dataToJson` |
 *
 * `joined: [{blocks, apdu}]` stands beside them where general blocks of one sender make a whole APDU.
 *
 * An APDU that cannot be decoded is an error, except in an intact HDLC frame, where it is `{undecodable, hex}` and the
 * deviation `apdu-undecodable`: pasted frames often are later segments of something longer.
 */
export type Translation =
  | {
      readonly ok: true;
      readonly layer: TranslateLayer;
      readonly kind: string;
      readonly value: JsonObject | JsonData;
      readonly deviations: readonly Deviation[];
      readonly fields?: readonly Field[];
    }
  | {
      readonly ok: false;
      readonly layer: TranslateLayer;
      readonly kind: 'error';
      readonly value: null;
      readonly error: CodecError;
      readonly deviations: readonly Deviation[];
      readonly fields?: readonly Field[];
    };
