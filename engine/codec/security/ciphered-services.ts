import type { CipherableService, ServiceCiphering } from './types.ts';

/** Tags of one service: plain, under the global key, under the dedicated key (GB 9.5). */
interface ServiceTags {
  readonly plain: number;
  readonly glo: number;
  readonly ded: number;
}

export const CIPHERED_SERVICES: Readonly<Record<CipherableService, ServiceTags>> = {
  'initiate-request': { plain: 0x01, glo: 0x21, ded: 0x41 },
  'read-request': { plain: 0x05, glo: 0x25, ded: 0x45 },
  'write-request': { plain: 0x06, glo: 0x26, ded: 0x46 },
  'initiate-response': { plain: 0x08, glo: 0x28, ded: 0x48 },
  'read-response': { plain: 0x0c, glo: 0x2c, ded: 0x4c },
  'write-response': { plain: 0x0d, glo: 0x2d, ded: 0x4d },
  'confirmed-service-error': { plain: 0x0e, glo: 0x2e, ded: 0x4e },
  'unconfirmed-write-request': { plain: 0x16, glo: 0x36, ded: 0x56 },
  'information-report': { plain: 0x18, glo: 0x38, ded: 0x58 },
  'get-request': { plain: 0xc0, glo: 0xc8, ded: 0xd0 },
  'set-request': { plain: 0xc1, glo: 0xc9, ded: 0xd1 },
  'event-notification': { plain: 0xc2, glo: 0xca, ded: 0xd2 },
  'action-request': { plain: 0xc3, glo: 0xcb, ded: 0xd3 },
  'get-response': { plain: 0xc4, glo: 0xcc, ded: 0xd4 },
  'set-response': { plain: 0xc5, glo: 0xcd, ded: 0xd5 },
  'action-response': { plain: 0xc7, glo: 0xcf, ded: 0xd7 },
};

const kindOfTag = new Map<number, ServiceCiphering['kind']>();
const tagOfKind = new Map<string, number>();
const tagsOfPlain = new Map<number, ServiceTags>();
for (const [service, tags] of Object.entries(CIPHERED_SERVICES) as [CipherableService, ServiceTags][]) {
  kindOfTag.set(tags.glo, `glo-${service}`);
  kindOfTag.set(tags.ded, `ded-${service}`);
  tagOfKind.set(`glo-${service}`, tags.glo);
  tagOfKind.set(`ded-${service}`, tags.ded);
  tagsOfPlain.set(tags.plain, tags);
}

/** `glo-get-request` of C8h and so on; undefined for tags without ciphering of their own. */
export function cipheredKindOf(tag: number): ServiceCiphering['kind'] | undefined {
  return kindOfTag.get(tag);
}

export function cipheredTagOf(kind: string): number | undefined {
  return tagOfKind.get(kind);
}

/** The glo- and ded- tags of a service by the tag of its plain APDU; undefined where only general ciphering fits. */
export function cipheredTagsOf(plainTag: number): { readonly glo: number; readonly ded: number } | undefined {
  return tagsOfPlain.get(plainTag);
}
