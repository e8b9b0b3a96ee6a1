import { existsSync } from 'node:fs';
import path from 'node:path';
import { type Analysis, analyse, type FileProvider, type Finding } from '../../../engine/template/index.ts';

export const repositoryRoot = path.resolve(import.meta.dirname, '../../..');

/** Folder of material outside of the repository; tests that need it skip where it is absent. */
export const sharedFolder = process.env.DLMS_SHARED ?? path.resolve(repositoryRoot, '..', 'shared');
export const hasShared = existsSync(sharedFolder);

export const MAIN = 'main.dlmsmeter';

/** Files of a test, by path. */
export function memoryFiles(files: Readonly<Record<string, string>>): FileProvider {
  return { readFile: (name) => (Object.hasOwn(files, name) ? files[name] : undefined) };
}

export function analyseText(text: string, files: Readonly<Record<string, string>> = {}): Analysis {
  return analyse(MAIN, memoryFiles({ ...files, [MAIN]: text }));
}

/** A text in which `«…»` marks the range a finding must have. */
export interface MarkedText {
  readonly text: string;
  readonly range: { readonly from: number; readonly to: number };
}

export function unmark(marked: string): MarkedText {
  const from = marked.indexOf('«');
  const to = marked.indexOf('»') - 1;
  if (from < 0 || to < from) throw new Error(`no «range» in ${marked}`);
  return { text: marked.replace('«', '').replace('»', ''), range: { from, to } };
}

/** A meter nothing is wrong with, and what the test is about in it. */
export function meterWith(body: string, identity = ''): string {
  return `meter m {
  identity {
    vendor: "Vendor"   flag: "ZZV"   model: "M"   firmware: "1"   serial: "{n:08}"
    logical_device_name: "{flag}{serial}"
    ${identity}
  }
  transport lan tcp { port: 4059 }
  association public { client: 16   authentication: none   conformance: get }
  rights open { public: get }
  object list 0-0:40.0.0.255 association-ln { rights: open }
  ${body}
}
`;
}

/** The same with short names. */
export function shortNameMeterWith(body: string): string {
  return meterWith(body, 'referencing: SN')
    .replace('conformance: get ', 'conformance: read ')
    .replace('association-ln', 'association-sn');
}

export function codesOf(findings: readonly Finding[]): readonly string[] {
  return findings.map((item) => item.code);
}

export function describeFinding(item: Finding, text: string): string {
  return `${item.code} at ${item.range.from}..${item.range.to} ${JSON.stringify(text.slice(item.range.from, item.range.to))}: ${item.message}`;
}
