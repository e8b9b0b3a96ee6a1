import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { DATA_TAGS } from '../engine/codec/axdr/data-types.ts';
import { CIPHERED_SERVICES } from '../engine/codec/security/ciphered-services.ts';

const root = path.resolve(import.meta.dirname, '..');

/** Where the page stands. */
export const protocolPagePath = path.join(root, 'docs/protocol.md');

/** Rooms whose limits are listed. */
const ROOMS = ['engine/codec', 'engine/link', 'engine/session', 'engine/meter'];

/**
 * docs/protocol.md with its tables made anew from the code: protected services, Data types, limits. What people wrote
 * around them stays. `node scripts/protocol-page.ts` writes it.
 */
export async function protocolPage(page: string): Promise<string> {
  const sections: Readonly<Record<string, readonly string[]>> = {
    'protected services': protectedServices(),
    'data types': dataTypes(),
    limits: await limits(),
  };
  return Object.entries(sections).reduce((text, [name, lines]) => withSection(text, name, lines), page);
}

function withSection(page: string, name: string, lines: readonly string[]): string {
  const [begin, end] = [`<!-- made: ${name} -->`, `<!-- end: ${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`docs/protocol.md has no section ${begin} ... ${end}`);
  return `${page.slice(0, from)}${begin}\n\n${lines.join('\n')}\n\n${page.slice(to)}`;
}

function protectedServices(): string[] {
  const tag = (number: number): string => number.toString(16).toUpperCase().padStart(2, '0');
  const rows = Object.entries(CIPHERED_SERVICES).map(([service, { plain, glo, ded }]) => {
    return `| \`${service}\` ${tag(plain)} | \`glo-${service}\` ${tag(glo)} | \`ded-${service}\` ${tag(ded)} |`;
  });
  return ['| plain | global key | dedicated key |', '| --- | --- | --- |', ...rows];
}

function dataTypes(): string[] {
  const rows = Object.entries(DATA_TAGS)
    .toSorted(([, a], [, b]) => a - b)
    .map(([type, tag]) => `${tag} \`${type}\``);
  return [`${rows.join(', ')}.`];
}

const LIMIT =
  /(?:\/\*\*((?:(?!\*\/)[\s\S])*)\*\/\s*)?export const ((?:MAX_|MIN_)[A-Z0-9_]+|[A-Z0-9_]*TIMEOUT[A-Z0-9_]*) =/g;

/** All exported limits of the rooms with their values and what they say about themselves. */
async function limits(): Promise<string[]> {
  const rows: string[] = [];
  for (const room of ROOMS) {
    const files = readdirSync(path.join(root, room), { recursive: true, encoding: 'utf8' });
    for (const file of files.filter((name) => name.endsWith('.ts')).toSorted()) {
      const place = path.join(root, room, file);
      for (const [, comment = '', name = ''] of readFileSync(place, 'utf8').matchAll(LIMIT)) {
        const module: Readonly<Record<string, unknown>> = await import(pathToFileURL(place).href);
        const what = comment
          .replace(/^\s*\* ?/gm, ' ')
          .replace(/\s+/g, ' ')
          .trim();
        rows.push(`| \`${name}\` | ${shownValue(module[name])} | ${what} | \`${room}/${file}\` |`);
      }
    }
  }
  return ['| limit | value | what it bounds | where |', '| --- | ---: | --- | --- |', ...rows];
}

function shownValue(value: unknown): string {
  if (typeof value === 'number') return value.toLocaleString('en');
  return JSON.stringify(value);
}

if (import.meta.main) {
  writeFileSync(protocolPagePath, await protocolPage(readFileSync(protocolPagePath, 'utf8')));
  console.log('docs/protocol.md was written');
}
