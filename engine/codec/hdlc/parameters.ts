import type { CodecErrorCode, Decoded } from '../result.ts';

/**
 * Parameters of SNRM and UA, seen from the sender of the frame (GB 8.4.5.3.2): information field sizes in octets
 * (32..2030) and window sizes (1..7). An absent parameter has its default.
 */
export interface HdlcParameters {
  readonly maxInfoTx?: number;
  readonly maxInfoRx?: number;
  readonly windowTx?: number;
  readonly windowRx?: number;
}

/** The four values of one station, or of a negotiated connection seen from one station. */
export type HdlcLinkParameters = Required<HdlcParameters>;

export const DEFAULT_HDLC_PARAMETERS: HdlcLinkParameters = { maxInfoTx: 128, maxInfoRx: 128, windowTx: 1, windowRx: 1 };
/** Limits of class 23, IEC HDLC setup, attributes 4 and 5. */
export const HDLC_PARAMETER_LIMITS = { minInfo: 32, maxInfo: 2030, minWindow: 1, maxWindow: 7 } as const;

type ParameterName = keyof HdlcParameters;
const IDS: readonly { readonly id: number; readonly name: ParameterName }[] = [
  { id: 0x05, name: 'maxInfoTx' },
  { id: 0x06, name: 'maxInfoRx' },
  { id: 0x07, name: 'windowTx' },
  { id: 0x08, name: 'windowRx' },
];
const FORMAT_IDENTIFIER = 0x81;
const PARAMETER_GROUP = 0x80;
const USER_DATA_GROUP = 0xf0;

/**
 * Information field `81 80 LEN ..` of SNRM or UA. Sizes take one octet up to 255, otherwise two; windows take four.
 * Both sizes use the same width, as in the examples of IEC 62056-46. Nothing to say gives an empty information field.
 */
export function encodeHdlcParameters(parameters: HdlcParameters): Uint8Array {
  const sizeOctets = Math.max(parameters.maxInfoTx ?? 0, parameters.maxInfoRx ?? 0) > 0xff ? 2 : 1;
  const group: number[] = [];
  for (const { id, name } of IDS) {
    const value = parameters[name];
    if (value === undefined) continue;
    const octets = id >= 0x07 ? 4 : sizeOctets;
    group.push(id, octets);
    for (let shift = 8 * (octets - 1); shift >= 0; shift -= 8) group.push((value >>> shift) & 0xff);
  }
  return group.length === 0
    ? new Uint8Array(0)
    : Uint8Array.from([FORMAT_IDENTIFIER, PARAMETER_GROUP, group.length, ...group]);
}

/**
 * Decodes the information field of SNRM or UA. Values of 0 count as absent. The user data group F0 is skipped.
 * Errors: `truncated`, `bad-tag` (format or group identifier, unknown parameter: a secondary answers DM), `bad-length`.
 */
export function decodeHdlcParameters(information: Uint8Array): Decoded<HdlcParameters> {
  const parameters: { -readonly [Name in ParameterName]?: number } = {};
  if (information.length === 0) return { ok: true, value: parameters, deviations: [] };
  if (information[0] !== FORMAT_IDENTIFIER) {
    return fail('bad-tag', 0, `format identifier ${information[0]}`, `${FORMAT_IDENTIFIER} (81)`);
  }
  let at = 1;
  while (at < information.length) {
    const group = information[at]!;
    const length = information[at + 1];
    if (group === USER_DATA_GROUP) break;
    if (group !== PARAMETER_GROUP) return fail('bad-tag', at, `group identifier ${group}`, '128 (80) or 240 (F0)');
    if (length === undefined || at + 2 + length > information.length) {
      return fail(
        'truncated',
        information.length,
        'the end of the information field',
        `a group of ${length ?? '?'} octets`,
      );
    }
    const end = at + 2 + length;
    for (at += 2; at < end; ) {
      const id = information[at]!;
      const octets = information[at + 1] ?? 0;
      const known = IDS.find((entry) => entry.id === id);
      if (!known) return fail('bad-tag', at, `parameter ${id}`, 'parameter 5, 6, 7 or 8');
      if (octets < 1 || octets > 4 || at + 2 + octets > end) {
        return fail('bad-length', at + 1, `a parameter of ${octets} octets`, '1 to 4 octets inside the group');
      }
      let value = 0;
      for (let i = 0; i < octets; i++) value = value * 0x100 + information[at + 2 + i]!;
      if (value > 0) parameters[known.name] = value;
      at += 2 + octets;
    }
  }
  return { ok: true, value: parameters, deviations: [] };
}

/**
 * What a secondary makes of a proposal (IEC 62056-46, table 8): the proposer's transmit against its own receive and the
 * other way round, the smaller one each. The result is seen from the secondary; it goes into the UA as it is.
 */
export function negotiateHdlcParameters(proposal: HdlcParameters, own: HdlcLinkParameters): HdlcLinkParameters {
  const defaults = DEFAULT_HDLC_PARAMETERS;
  return {
    maxInfoTx: Math.min(own.maxInfoTx, proposal.maxInfoRx ?? defaults.maxInfoRx),
    maxInfoRx: Math.min(own.maxInfoRx, proposal.maxInfoTx ?? defaults.maxInfoTx),
    windowTx: Math.min(own.windowTx, proposal.windowRx ?? defaults.windowRx),
    windowRx: Math.min(own.windowRx, proposal.windowTx ?? defaults.windowTx),
  };
}

/**
 * What a primary may use after the UA, seen from the primary: the UA's values turned round, never more than it proposed
 * itself, because a meter must not widen the proposal.
 */
export function acceptHdlcParameters(ua: HdlcParameters, proposal: HdlcLinkParameters): HdlcLinkParameters {
  return negotiateHdlcParameters(ua, proposal);
}

/** A station's own parameters: absent ones replaced by the defaults, everything inside the limits of class 23. */
export function stationParameters(parameters: HdlcParameters): HdlcLinkParameters {
  const { minInfo, maxInfo, minWindow, maxWindow } = HDLC_PARAMETER_LIMITS;
  const size = (value: number | undefined): number =>
    clamp(value ?? DEFAULT_HDLC_PARAMETERS.maxInfoTx, minInfo, maxInfo);
  const window = (value: number | undefined): number => clamp(value ?? 1, minWindow, maxWindow);
  return {
    maxInfoTx: size(parameters.maxInfoTx),
    maxInfoRx: size(parameters.maxInfoRx),
    windowTx: window(parameters.windowTx),
    windowRx: window(parameters.windowRx),
  };
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(high, Math.max(low, value));
}

function fail(code: CodecErrorCode, offset: number, found: string, expected: string): Decoded<never> {
  return { ok: false, error: { code, layer: 'hdlc', offset, found, expected }, deviations: [] };
}
