import type { Language } from './language.ts';
import type { ClientAbilities } from './lsp/abilities.ts';
import { createProfileLanguage } from './profile/profile-language.ts';
import { createTemplateLanguage } from './template/template-language.ts';
import type { Disk } from './workspace/disk.ts';
import type { Texts } from './workspace/texts.ts';
import type { FileType } from './workspace/uris.ts';

/** The languages the server speaks, by file type. */
export type Languages = Readonly<Record<FileType, Language>>;

export function createLanguages(texts: Texts, disk: Disk, client: ClientAbilities): Languages {
  return {
    template: createTemplateLanguage(texts, disk, client),
    profile: createProfileLanguage(texts, disk, client),
  };
}
