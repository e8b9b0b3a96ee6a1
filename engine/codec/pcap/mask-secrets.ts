import type { Apdu } from '../apdu.ts';
import type { Revealed } from '../reveal.ts';

/** What stands for each octet of a secret: `*`. The length stays. */
const MASK = 0x2a;

/**
 * An APDU with what must not be shown replaced at its length: the password of a low level security association and
 * dedicated keys, also where they were found by deciphering.
 */
export function withoutSecrets(revealed: Revealed): Revealed {
  const { apdu, plain, inner, userInformation } = revealed;
  return {
    ...revealed,
    apdu: maskedApdu(apdu),
    ...(plain === undefined ? {} : { plain: maskedOctets(plain, inner) }),
    ...(inner === undefined ? {} : { inner: withoutSecrets(inner) }),
    ...(userInformation === undefined ? {} : { userInformation: withoutSecrets(userInformation) }),
  };
}

/** The octets an APDU was decoded from, with its secrets masked. */
export function maskedOctets(octets: Uint8Array, revealed: Revealed | undefined): Uint8Array {
  const secrets = revealed === undefined ? [] : secretsOf(revealed.apdu);
  if (secrets.length === 0) return octets;
  const masked = new Uint8Array(octets);
  for (const secret of secrets) {
    // Secrets are views of the octets they were decoded from.
    const from = secret.byteOffset - octets.byteOffset;
    const isInside = secret.buffer === octets.buffer && from >= 0 && from + secret.length <= octets.length;
    if (isInside) masked.fill(MASK, from, from + secret.length);
  }
  return masked;
}

function secretsOf(apdu: Apdu): Uint8Array[] {
  if (apdu.kind === 'initiate-request') return apdu.dedicatedKey === null ? [] : [apdu.dedicatedKey];
  if (apdu.kind !== 'aarq') return [];
  const password = apdu.mechanism === 'lls' && apdu.authValue !== undefined ? [apdu.authValue.octets] : [];
  const { userInformation } = apdu;
  return userInformation?.kind === 'initiate-request' ? [...password, ...secretsOf(userInformation)] : password;
}

function maskedApdu(apdu: Apdu): Apdu {
  if (apdu.kind === 'initiate-request') {
    return apdu.dedicatedKey === null ? apdu : { ...apdu, dedicatedKey: masked(apdu.dedicatedKey) };
  }
  if (apdu.kind !== 'aarq' || secretsOf(apdu).length === 0) return apdu;
  const { authValue, mechanism, userInformation } = apdu;
  const information = userInformation?.kind === 'initiate-request' ? maskedApdu(userInformation) : undefined;
  return {
    ...apdu,
    ...(mechanism === 'lls' && authValue !== undefined
      ? { authValue: { ...authValue, octets: masked(authValue.octets) } }
      : {}),
    ...(information?.kind === 'initiate-request' ? { userInformation: information } : {}),
  };
}

function masked(octets: Uint8Array): Uint8Array {
  return new Uint8Array(octets.length).fill(MASK);
}
