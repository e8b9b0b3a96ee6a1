import { encodeApdu } from '../apdu-codec.ts';
import { apduFromJson } from '../apdu-json.ts';
import { dataFromJson, octetsFromJson } from '../axdr/data-json.ts';
import { MAX_DATA_DEPTH } from '../axdr/data-types.ts';
import { encodeData } from '../axdr/encode-data.ts';
import { clientAddress, type HdlcAddress, serverAddress } from '../hdlc/address.ts';
import type { HdlcControl } from '../hdlc/control.ts';
import { encodeHdlcFrame } from '../hdlc/frame.ts';
import { isDeeperThan, shownJson } from '../json-shape.ts';
import { encodeLpdu } from '../llc/llc.ts';
import { encodeMbusFrame } from '../mbus/frame.ts';
import { concatOctets } from '../octets.ts';
import { encodeWrapper } from '../wrapper/wrapper.ts';

type Members = Readonly<Record<string, unknown>>;

/** Levels of lists and objects: two for each level of Data, the rest for APDUs in each other and frames around them. */
export const MAX_JSON_DEPTH = 2 * MAX_DATA_DEPTH + 64;

/**
 * The inverse of `translate`: octets of the `value` of a translation, or of the whole result with its `value`. Frames
 * get new lengths and check sequences; of HDLC and M-Bus the information fields count, not the APDUs shown beside them,
 * and each frame has flags of its own.
 * @throws {TypeError | RangeError} with the path to what is not in this notation.
 */
export function octetsFromTranslation(json: unknown): Uint8Array {
  if (isDeeperThan(json, MAX_JSON_DEPTH)) throw new RangeError(`value: nested deeper than ${MAX_JSON_DEPTH}`);
  const whole = members(json, 'value');
  const value = 'value' in whole && 'ok' in whole ? members(whole.value, 'value') : whole;
  if ('t' in value) return encodeData(dataFromJson(value));
  if ('kind' in value) return encodeApdu(apduFromJson(value));
  if ('messages' in value) return all(value.messages, 'messages', wrapperOctets);
  if ('apdus' in value && !('frames' in value)) return all(value.apdus, 'apdus', lpduOctets);
  if ('telegrams' in value) return all(value.telegrams, 'telegrams', telegramOctets);
  if ('frames' in value) return telegramOctets(value, 'value');
  if ('llc' in value) return lpduOctets(value, 'value');
  if ('src' in value && 'dest' in value) return wrapperOctets(value, 'value');
  throw new TypeError('expected an APDU with "kind", Data with "t", or a frame as decode --json writes it');
}

function all(json: unknown, path: string, encode: (value: Members, path: string) => Uint8Array): Uint8Array {
  if (!Array.isArray(json)) throw new TypeError(`${path}: not a list`);
  return concatOctets(json.map((value, i) => encode(members(value, `${path}[${i}]`), `${path}[${i}]`)));
}

function wrapperOctets(value: Members, path: string): Uint8Array {
  const [source, destination] = [portOf(value, 'src', path), portOf(value, 'dest', path)];
  return encodeWrapper({ source, destination, apdu: apduOctets(value.apdu, `${path}.apdu`) });
}

function portOf(value: Members, name: string, path: string): number {
  const port = numberOf(value, name, path);
  if (!Number.isInteger(port) || port < 0 || port > 0xffff)
    throw new RangeError(`${path}.${name}: ${port} is no wPort`);
  return port;
}

function lpduOctets(value: Members, path: string): Uint8Array {
  const apdu = apduOctets(value.apdu, `${path}.apdu`);
  if (value.llc === null) return apdu;
  if (value.llc !== 'command' && value.llc !== 'response') {
    throw new TypeError(`${path}.llc: ${shownJson(value.llc)} is not command, response or null`);
  }
  return encodeLpdu(value.llc, apdu);
}

function apduOctets(json: unknown, path: string): Uint8Array {
  const value = members(json, path);
  return 'undecodable' in value ? octetsFromJson(value.hex, `${path}.hex`) : encodeApdu(apduFromJson(value));
}

/** Frames of HDLC have a control field by name, those of M-Bus a C field. */
function telegramOctets(value: Members, path: string): Uint8Array {
  return all(value.frames, `${path}.frames`, (frame, at) =>
    'c' in frame ? mbusOctets(frame, at) : hdlcOctets(frame, at),
  );
}

function mbusOctets(frame: Members, path: string): Uint8Array {
  const octet = (name: string): number => octetsFromJson(frame[name], `${path}.${name}`)[0] ?? 0;
  return encodeMbusFrame({
    c: octet('c'),
    a: octet('a'),
    ci: octet('ci'),
    stsap: numberOf(frame, 'stsap', path),
    dtsap: numberOf(frame, 'dtsap', path),
    data: octetsFromJson(frame.data, `${path}.data`),
  });
}

function hdlcOctets(frame: Members, path: string): Uint8Array {
  return encodeHdlcFrame({
    ...hdlcControl(frame, path),
    segmented: frame.segmented === true,
    destination: hdlcAddress(frame.dest, `${path}.dest`),
    source: hdlcAddress(frame.src, `${path}.src`),
    pollFinal: frame.pf === true,
    information: octetsFromJson(frame.info ?? '', `${path}.info`),
  });
}

function hdlcControl(frame: Members, path: string): HdlcControl {
  const nr = (): number => numberOf(frame, 'nr', path);
  switch (frame.frame) {
    case 'I':
      return { kind: 'I', ns: numberOf(frame, 'ns', path), nr: nr() };
    case 'RR':
    case 'RNR':
    case 'REJ':
      return { kind: frame.frame, nr: nr() };
    case 'SNRM':
    case 'UA':
    case 'DISC':
    case 'DM':
    case 'FRMR':
    case 'UI':
      return { kind: frame.frame };
    default:
      throw new TypeError(`${path}.frame: ${shownJson(frame.frame)} is not the name of an HDLC frame`);
  }
}

function hdlcAddress(json: unknown, path: string): HdlcAddress {
  const address = members(json, path);
  if (address.bytes === 1) return clientAddress(numberOf(address, 'value', path));
  if (address.bytes !== 2 && address.bytes !== 4) throw new TypeError(`${path}.bytes: not 1, 2 or 4`);
  return serverAddress(numberOf(address, 'upper', path), numberOf(address, 'lower', path), address.bytes);
}

function members(json: unknown, path: string): Members {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) throw new TypeError(`${path}: not an object`);
  return json as Members;
}

function numberOf(value: Members, name: string, path: string): number {
  const number = value[name];
  if (typeof number !== 'number') throw new TypeError(`${path}.${name}: ${shownJson(number)} is not a number`);
  return number;
}
