import type { Aare } from '../../codec/acse/types.ts';
import { cipheredKindOf } from '../../codec/security/ciphered-services.ts';
import type { associationQuirks as catalogue } from '../../template/vocabulary/quirks/association-quirks.ts';
import { joined, lengthAt, lengthOctets } from './octets.ts';
import type { Quirk } from './quirk.ts';

/** Junk in place of an initiateResponse: no xDLMS APDU begins with FF. */
const JUNK = Uint8Array.of(0xff, 0x55, 0xaa, 0xff);
const GENERAL_GLO = 0xdb;
const GENERAL_DED = 0xdc;
const EXCEPTION = 0xd8;
const COUNTER_ERROR = 6;
const TITLE_LENGTH = 8;

function withoutUserInformation(aare: Aare): Aare {
  if (aare.result === 'accepted') return aare;
  const { userInformation: _, ...rest } = aare;
  return rest;
}

function withJunk(aare: Aare): Aare {
  if (aare.result === 'accepted') return aare;
  return { ...aare, userInformation: { kind: 'undecodable', octets: JUNK, why: 'a quirk' } };
}

/** 08 … 5F 1F 04 00 … as 08 … 5F 04 00 …. */
function shortConformanceTag(octets: Uint8Array): Uint8Array {
  const at = octets.findIndex((octet, index) => octet === 0x5f && octets[index + 1] === 0x1f);
  return at < 0 ? octets : joined(octets.subarray(0, at + 1), octets.subarray(at + 2));
}

function isGeneral(octets: Uint8Array): boolean {
  return octets[0] === GENERAL_GLO || octets[0] === GENERAL_DED;
}

/** DB 08 title … as DB 00 …. */
function withoutTitle(octets: Uint8Array): Uint8Array {
  if (!isGeneral(octets) || octets[1] !== TITLE_LENGTH) return octets;
  return joined(octets.subarray(0, 1), Uint8Array.of(0), octets.subarray(2 + TITLE_LENGTH));
}

/** The length of the ciphered content in one octet more than it needs, two for short ones. */
function withLongLength(octets: Uint8Array): Uint8Array {
  const tag = octets[0] ?? 0;
  const at = isGeneral(octets) ? 2 + (octets[1] ?? 0) : cipheredKindOf(tag) !== undefined ? 1 : undefined;
  const length = at === undefined ? undefined : lengthAt(octets, at);
  if (at === undefined || length === undefined || at + length.octets + length.value !== octets.length) return octets;
  const longer = lengthOctets(length.value, Math.max(2, length.octets));
  return joined(octets.subarray(0, at), longer, octets.subarray(at + length.octets));
}

/** Deviations in opening, protecting and releasing associations. */
export const associationQuirks: Readonly<Record<keyof typeof catalogue, Quirk>> = {
  'omits-user-information-on-reject': { aare: withoutUserInformation },
  'junk-in-user-information-on-reject': { aare: withJunk },
  'no-release': { habits: () => ({ ignoresRelease: true }) },
  'junk-after-release': { habits: (junkAfterRelease) => ({ junkAfterRelease }) },
  'conformance-tag-one-octet': { initiate: shortConformanceTag },
  'serves-without-aarq': { habits: (associatedFor) => ({ associatedFor }) },
  'length-not-minimal': { sealed: withLongLength },
  'empty-system-title': { sealed: withoutTitle },
  'tag-with-unknown-key': { habits: () => ({ unknownKey: true }) },
  'answers-encrypted-only': { habits: () => ({ encryptedOnly: true }) },
  'hls-gmac-keeps-counter': { habits: () => ({ hlsKeepsCounter: true }) },
  'hls-gmac-sc-10': { habits: () => ({ hlsControl10: true }) },
  'hls-sha256-of-key-only': { habits: () => ({ hlsKeyOnly: true }) },
  'hls-without-answer': { habits: () => ({ hlsWithoutAnswer: true }) },
  'invocation-counter-absent': {
    sealed: (octets) => (octets[0] === EXCEPTION && octets[2] === COUNTER_ERROR ? octets.subarray(0, 3) : octets),
  },
};
