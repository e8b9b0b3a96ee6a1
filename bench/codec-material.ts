import { encodeApdu } from '../engine/codec/apdu-codec.ts';
import type { Data } from '../engine/codec/axdr/data.ts';
import { clientAddress, serverAddress } from '../engine/codec/hdlc/address.ts';
import type { HdlcFrame } from '../engine/codec/hdlc/frame.ts';
import { fromHex } from '../engine/codec/hex.ts';
import { encodeLpdu } from '../engine/codec/llc/llc.ts';
import { protect } from '../engine/codec/security/protect.ts';
import type { KeyRing } from '../engine/codec/security/types.ts';
import { invokeIdAndPriority } from '../engine/codec/xdlms/invoke.ts';

/** Keys of the Green Book's examples. */
export const keys: Required<Pick<KeyRing, 'guek' | 'gak' | 'systemTitle'>> = {
  guek: fromHex('000102030405060708090a0b0c0d0e0f'),
  gak: fromHex('d0d1d2d3d4d5d6d7d8d9dadbdcdddedf'),
  systemTitle: fromHex('4d4d4d0000bc614e'),
};

export const aarq = fromHex(
  '6036a1090607608574050801018a0207808b0760857405080201ac0a80083132333435363738be10040e01000000065f1f0400007e1f04b0',
);
export const aare = fromHex('6129a109060760857405080101a203020100a305a103020100be10040e0800065f1f040000501f01f40007');
export const getRequest = fromHex('c001c100030100010800ff0200');
export const getResponse = fromHex('c401c100060001e240');

const ROWS = 96;

/** A day of quarter hours: 96 rows of date-time and a double-long-unsigned, GET.response of 2,022 octets. */
export const profile = encodeApdu({
  kind: 'get-response',
  invoke: invokeIdAndPriority(1),
  type: 'normal',
  data: { t: 'array', v: Array.from({ length: ROWS }, (_, row) => profileRow(row)) },
});

function profileRow(row: number): Data {
  const [hour, minute] = [Math.floor(row / 4), (row % 4) * 15];
  const time = Uint8Array.of(0x07, 0xea, 11, 23, 1, hour, minute, 0, 0, 0xff, 0xc4, 0);
  return {
    t: 'structure',
    v: [
      { t: 'octet-string', v: time },
      { t: 'double-long-unsigned', v: 1_000_000 + 250 * row },
    ],
  };
}

/** The profile under suite 0, authenticated and encrypted with the global keys. */
export const cipheredProfile = protect(profile, {
  service: 'glo',
  suite: 0,
  authenticated: true,
  encrypted: true,
  invocationCounter: 1,
  systemTitle: keys.systemTitle,
  keys,
});

const route = { destination: serverAddress(1, 17), source: clientAddress(16), pollFinal: true, segmented: false };

/** A GetRequest behind its LLC header in an I frame. */
export const requestFrame: HdlcFrame = {
  kind: 'I',
  ns: 1,
  nr: 2,
  ...route,
  information: encodeLpdu('command', getRequest),
};

/** The largest information field of the default parameters. */
export const fullFrame: HdlcFrame = { kind: 'I', ns: 1, nr: 2, ...route, information: profile.slice(0, 128) };
