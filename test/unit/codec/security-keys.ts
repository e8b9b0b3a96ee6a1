import { fromHex } from '../../../engine/codec/hex.ts';
import { P256, P384, publicKeyOf } from '../../../engine/codec/security/curves.ts';
import type { KeyRing } from '../../../engine/codec/security/types.ts';

/** A key pair of the worked examples: private key, public key x || y. */
export interface KeyPair {
  readonly privateKey: Uint8Array;
  readonly publicKey: Uint8Array;
}

function pair(privateKey: string, publicKey: string): KeyPair {
  return { privateKey: fromHex(privateKey), publicKey: fromHex(publicKey) };
}

/** Key pairs of the Green Book's annex on general-ciphering, P-256. */
export const GREEN_BOOK = {
  clientSigning: pair(
    '418073c239fa6125011de4d6cd2e645780289f761bb21bfb0835cb5585e8b373',
    'baaffde06a8cb1c9dae8d94023c601dbbb249254ba22edd827e820bca2bcc64362fbb83d86a82b87bb8b7161d2aab5521911a946b97a284a90f7785cd9047d25',
  ),
  serverSigning: pair(
    'ae55414ffe079f9fc95649536bd1c2b5653d200813727e07d501a8b550c69207',
    '933acf15b03a9248e029b2787fb52a0aecaf635f07c42a0019fb3197e38f8f549a125ea36781b0ca96be89a0e1fe2cf9b7361ed48b3c5e24592b9c0f4edd31d1',
  ),
  clientAgreement: pair(
    'a51c16ff5c498fcc89323d4a9267cd71bf81fd6f6a891cd240da7f3d6f283e65',
    '07c56de2dcaf0fd793ef29f019c89b4a0cc1e001ce94f4ffbe10bc05e7e66f7671a13fbcf9e662b9826fff6a6938546d524ed6d3405f020296bde16b04f7a7c2',
  ),
  serverAgreement: pair(
    'aad3fd0732e991cf52a74c66c1f2827ddc53522a2e0a169d7c4ffcc0fb5d6a4d',
    'a653565b0e06070bae9fbe140a5d2156812aee2dd525053e3efc850bf13bfdffcb240bc7b77bff5883344e7275908d2287befa3725017295a096989d2338290b',
  ),
  clientEphemeral: pair(
    '47dab03842e5b6e74828ef4f449b378d7dd1a5dae1ffca5ae0b0be0ad18ec57e',
    'c323c2bd45711de4688637d919f92e9db8fb2dfc213a88d21c9dc8dcba917d8170511de1badb360d50058f794b0960ae11fa28d392cff907a62d13e3357b1dc0',
  ),
  serverEphemeral: pair(
    '34a8c23a34dbb519d09b245754c85a6cfe05d14a063efa5aa41545aa8241efae',
    '95f41066009b185b074f5ffff736b71c325fcadb2bc0cf1a4f4b17bbe7ab81d62946506bc8169c7b539b39a5d8463787f449c9bd2583fa67a1075b0dbfc638ba',
  ),
} as const;

/** Title of the originator in the Green Book's general-ciphering example, and of its recipient. */
export const ORIGINATOR = fromHex('4d4d4d0000bc614e');
export const RECIPIENT = fromHex('4d4d4d0000000001');

/** Symmetric keys for suites 0 and 1, and those for suite 2. */
export const SYMMETRIC: Readonly<Record<0 | 1 | 2, KeyRing>> = {
  0: symmetric(16),
  1: symmetric(16),
  2: symmetric(32),
};

function symmetric(length: number): KeyRing {
  const key = (start: number) => Uint8Array.from({ length }, (_, at) => (start + at) & 0xff);
  return { guek: key(0), gak: key(0xd0), gbek: key(0x40), dedicatedKey: key(0x80), kek: key(0xa0) };
}

/** What client and server of a suite with asymmetric keys hold: all of it from the example or made up. */
export interface Parties {
  readonly client: KeyRing;
  readonly server: KeyRing;
  /** A private key for one agreement. */
  readonly ephemeralKey: Uint8Array;
}

/** Key rings of client and server, each with its own private and the other's public keys. */
export function partiesOf(suite: 1 | 2): Parties {
  const curve = suite === 1 ? P256 : P384;
  const made = (octet: string): KeyPair => {
    const privateKey = fromHex(octet.repeat(curve.size));
    return { privateKey, publicKey: publicKeyOf(curve, privateKey) };
  };
  const own =
    suite === 1
      ? GREEN_BOOK
      : {
          clientSigning: made('11'),
          serverSigning: made('22'),
          clientAgreement: made('33'),
          serverAgreement: made('44'),
          clientEphemeral: made('55'),
        };
  return {
    client: {
      ...SYMMETRIC[suite],
      signingKey: own.clientSigning.privateKey,
      agreementKey: own.clientAgreement.privateKey,
      peerSigningKey: own.serverSigning.publicKey,
      peerAgreementKey: own.serverAgreement.publicKey,
    },
    server: {
      ...SYMMETRIC[suite],
      signingKey: own.serverSigning.privateKey,
      agreementKey: own.serverAgreement.privateKey,
      peerSigningKey: own.clientSigning.publicKey,
      peerAgreementKey: own.clientAgreement.publicKey,
    },
    ephemeralKey: own.clientEphemeral.privateKey,
  };
}
