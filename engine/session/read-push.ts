import type { Apdu } from '../codec/apdu.ts';
import { toHex } from '../codec/hex.ts';
import type { CodecError } from '../codec/result.ts';
import { type Revealed, revealApdu } from '../codec/reveal.ts';
import type { KeyRing } from '../codec/security/types.ts';
import { isNotification, type NotificationApdu } from './notification.ts';
import type { PushKeys } from './push-keys.ts';

/** What is known of the protection of a push. */
export interface PushProtection {
  /** Hex; absent where the APDU carries none. */
  readonly systemTitle?: string;
  readonly invocationCounter?: number;
  /** The authentication tag was there and matched, or the signature did. */
  readonly verified: boolean;
}

/** What a pushed APDU says. */
export interface ReadPush {
  readonly apdu?: NotificationApdu;
  /** The APDU inside of a protected one. */
  readonly plain?: Uint8Array;
  readonly protection?: PushProtection;
  readonly deviations: readonly string[];
  /** Why there is no `apdu`. */
  readonly error?: CodecError;
}

/** Decodes a pushed APDU and takes its protection off, with each of the keys until one fits. Never throws. */
export function readPush(octets: Uint8Array, keys: PushKeys): ReadPush {
  const closed = revealApdu(octets, { allowTrailing: true });
  if (!closed.ok) return { deviations: idsOf(closed.deviations), error: closed.error };
  const rings = isOpen(closed.value) ? [] : keys.for(titleOf(closed.value.apdu));
  let error: CodecError | undefined;
  for (const ring of rings) {
    const opened = revealWith(ring, octets);
    if (!opened.ok) error ??= opened.error;
    else if (isOpen(opened.value)) return told(opened.value, idsOf(opened.deviations));
  }
  const found = told(closed.value, idsOf(closed.deviations));
  return error === undefined || found.apdu !== undefined ? found : { ...found, error };
}

function revealWith(keys: KeyRing, octets: Uint8Array) {
  return revealApdu(octets, { keys, allowTrailing: true });
}

function told(revealed: Revealed, deviations: readonly string[]): ReadPush {
  const chain = layersOf(revealed);
  const innermost = chain.at(-1)?.apdu ?? revealed.apdu;
  const plain = chain.findLast((layer) => layer.plain !== undefined)?.plain;
  const outer = revealed.apdu;
  const protection = isProtectedApdu(outer) ? { protection: protectionOf(chain) } : {};
  const rest = { ...(plain === undefined ? {} : { plain }), ...protection, deviations };
  if (isNotification(innermost)) return { apdu: innermost, ...rest };
  return { ...rest, error: isProtectedApdu(innermost) ? notOpened(innermost) : notPushed(innermost) };
}

function layersOf(revealed: Revealed): Revealed[] {
  return revealed.inner === undefined ? [revealed] : [revealed, ...layersOf(revealed.inner)];
}

function isOpen(revealed: Revealed): boolean {
  const innermost = layersOf(revealed).at(-1);
  return innermost !== undefined && !isProtectedApdu(innermost.apdu);
}

function isProtectedApdu(apdu: Apdu): boolean {
  return 'security' in apdu || apdu.kind === 'general-signing';
}

function protectionOf(layers: readonly Revealed[]): PushProtection {
  const titles = layers.map(({ apdu }) => titleOf(apdu)).filter((title) => title !== undefined && title.length > 0);
  const [title] = titles;
  const counters = layers.flatMap(({ apdu }) => ('security' in apdu ? [apdu.security.ic] : []));
  const authenticated = layers.some(
    ({ apdu, plain, tagUnverified }) =>
      'security' in apdu && apdu.security.authenticated && plain !== undefined && tagUnverified !== true,
  );
  const [invocationCounter] = counters;
  return {
    ...(title === undefined ? {} : { systemTitle: toHex(title) }),
    ...(invocationCounter === undefined ? {} : { invocationCounter }),
    verified: authenticated || layers.some(({ signatureVerified }) => signatureVerified === true),
  };
}

function titleOf(apdu: Apdu): Uint8Array | undefined {
  if ('originatorSystemTitle' in apdu) return apdu.originatorSystemTitle;
  return 'systemTitle' in apdu && apdu.systemTitle instanceof Uint8Array ? apdu.systemTitle : undefined;
}

function notOpened(apdu: Apdu): CodecError {
  const title = titleOf(apdu);
  const whose = title === undefined || title.length === 0 ? 'its sender' : `system title ${toHex(title)}`;
  return {
    code: 'not-decipherable',
    layer: 'security',
    offset: 0,
    found: `${apdu.kind} without keys that fit`,
    expected: `the keys of ${whose}`,
  };
}

function notPushed({ kind }: Apdu): CodecError {
  const expected = 'data-notification, event-notification or information-report';
  return { code: 'bad-tag', layer: 'xdlms', offset: 0, found: kind, expected };
}

function idsOf(deviations: readonly { readonly id: string }[]): string[] {
  return deviations.map(({ id }) => id);
}
