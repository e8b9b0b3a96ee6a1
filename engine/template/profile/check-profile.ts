import { type Document, parseDocument as parseYaml } from 'yaml';
import { interfaceClass } from '../../cosem/classes.ts';
import { parseUnit, sameQuantity } from '../../cosem/units.ts';
import { type Finding, tidyFindings } from '../findings/finding.ts';
import { type FileProvider, resolvePath } from '../semantics/files.ts';
import { createCollector, type Report } from '../semantics/report.ts';
import { parseExpression } from '../syntax/parse.ts';
import type { Span } from '../syntax/tree.ts';
import { overlaps, parsePattern, patternSize } from './pattern.ts';
import type { RawObject, RawProfile } from './read-profile.ts';
import { reportSchemaErrors } from './schema-findings.ts';
import type { ObisPattern } from './types.ts';
import { keyPlace, valuePlace } from './yaml-places.ts';

/** What is around a profile: its path, and where other files come from. */
export interface ProfileSurroundings {
  readonly path?: string;
  /** Without it `extends` is not looked into. */
  readonly files?: FileProvider;
}

/** Largest class id of the DLMS UA; those above are makers' own, which no table knows. */
const LAST_STANDARD_CLASS = 8191;
/** More findings than this help nobody. */
const MAX_YAML_FINDINGS = 100;

/** Deepest nesting of `[` and `{`; the YAML library works by recursion and is slow beyond it. */
export const MAX_BRACKETS = 64;

/** Offset of the first bracket that is nested too deep. Quotes are not looked at: no profile comes near the limit. */
function deepBracket(text: string): number | undefined {
  let depth = 0;
  for (let at = 0; at < text.length; at++) {
    const sign = text[at];
    if (sign === '[' || sign === '{') depth++;
    else if (sign === ']' || sign === '}') depth--;
    if (depth > MAX_BRACKETS) return at;
  }
  return undefined;
}

/** A profile that was read and checked. `raw` is there if the text fits the schema. */
export interface CheckedProfile {
  readonly findings: readonly Finding[];
  readonly raw?: RawProfile;
}

/** Checks the text of an OBIS profile. Never throws. */
export function checkObisProfile(text: string, around: ProfileSurroundings = {}): readonly Finding[] {
  return readObisProfile(text, around).findings;
}

/** Reads and checks the text of an OBIS profile. Never throws. */
export function readObisProfile(text: string, around: ProfileSurroundings = {}): CheckedProfile {
  const collector = createCollector();
  const report = collector.in(around.path ?? '');
  const tooDeep = deepBracket(text);
  if (tooDeep !== undefined) {
    report('DLMS-901', { from: tooDeep, to: tooDeep + 1 }, `Brackets are nested more than ${MAX_BRACKETS} deep here.`);
    return { findings: tidyFindings(collector.findings) };
  }
  const document: Document = parseYaml(text, { prettyErrors: false, uniqueKeys: true, version: '1.2' });
  for (const problem of [...document.errors, ...document.warnings].slice(0, MAX_YAML_FINDINGS)) {
    const duplicate = problem.code === 'DUPLICATE_KEY';
    report(
      duplicate ? 'DLMS-903' : 'DLMS-901',
      duplicate ? keyAt(problem.pos[0], text) : insideText(problem.pos, text),
      duplicate
        ? 'This key stands twice in the same mapping.'
        : `This is no valid YAML: ${firstSentence(problem.message)}.`,
    );
  }
  if (document.errors.some((problem) => problem.code !== 'DUPLICATE_KEY'))
    return { findings: tidyFindings(collector.findings) };
  const value = plainValue(document, report);
  if (!reportSchemaErrors(value, document, text, report)) return { findings: tidyFindings(collector.findings) };
  const raw = value as RawProfile;
  const place: PlaceOf = {
    value: (...path) => valuePlace(document, path.map(String), text),
    key: (...path) => keyPlace(document, path.map(String), text),
  };
  checkObjects(raw, place, report);
  checkExtends(raw, around, place, report);
  return { findings: tidyFindings(collector.findings), raw };
}

/** Problems at the end of the text are shown at its last character. */
function insideText([from, to]: readonly [number, number], text: string): Span {
  const start = Math.max(0, Math.min(from, text.length - 1));
  return { from: start, to: Math.max(start, Math.min(Math.max(to, start + 1), text.length)) };
}

/** The key that begins at an offset. */
function keyAt(from: number, text: string): Span {
  const key = /^(?:"[^"\n]*"|'[^'\n]*'|[^\s:#,{}[\]]+)/.exec(text.slice(from))?.[0] ?? '';
  return insideText([from, from + key.length], text);
}

/** Aliases that multiply without end are refused by the library with an error. */
function plainValue(document: Document, report: Report): unknown {
  try {
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    report(
      'DLMS-901',
      { from: 0, to: 1 },
      `This YAML cannot be read: ${error instanceof Error ? firstSentence(error.message) : 'too many aliases'}.`,
    );
    return undefined;
  }
}

function firstSentence(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/\.$/, '');
}

interface PlaceOf {
  value(...path: readonly (string | number)[]): { from: number; to: number };
  key(...path: readonly (string | number)[]): { from: number; to: number };
}

function checkObjects(raw: RawProfile, place: PlaceOf, report: Report): void {
  const ids = new Map<string, number>();
  const seen: { readonly pattern: ObisPattern; readonly object: RawObject; readonly index: number }[] = [];
  for (const [index, object] of raw.objects.entries()) {
    const first = ids.get(object.id);
    if (first === undefined) ids.set(object.id, index);
    else
      report('DLMS-903', place.value('objects', index, 'id'), `There are two objects '${object.id}' in this profile.`, {
        related: [{ message: 'first one', range: place.value('objects', first, 'id'), file: '' }],
      });
    const pattern = parsePattern(object.obis);
    if ('problem' in pattern) {
      report('DLMS-904', place.value('objects', index, 'obis'), `${capital(pattern.problem)}.`);
      continue;
    }
    for (const other of seen) {
      if (
        other.object.class !== object.class ||
        !overlaps(other.pattern, pattern) ||
        patternSize(other.pattern) !== patternSize(pattern)
      )
        continue;
      report(
        'DLMS-905',
        place.value('objects', index, 'obis'),
        `'${object.id}' and '${other.object.id}' fit the same OBIS codes, so which of them names an object is left to chance.`,
        {
          related: [{ message: `'${other.object.id}'`, range: place.value('objects', other.index, 'obis'), file: '' }],
        },
      );
    }
    seen.push({ pattern, object, index });
    checkObject(object, index, pattern, place, report);
  }
  for (const [index, item] of (raw.ignore ?? []).entries())
    checkPattern(item.obis, place.value('ignore', index, 'obis'), report);
  for (const list of ['must_have', 'must_not_have'] as const) {
    for (const [index, text] of (raw.applies_to?.[list] ?? []).entries())
      checkPattern(text, place.value('applies_to', list, index), report);
  }
}

function checkPattern(text: string, range: { from: number; to: number }, report: Report): void {
  const pattern = parsePattern(text);
  if ('problem' in pattern) report('DLMS-904', range, `${capital(pattern.problem)}.`);
}

function checkObject(object: RawObject, index: number, pattern: ObisPattern, place: PlaceOf, report: Report): void {
  const item = interfaceClass(object.class);
  if (item === undefined && object.class <= LAST_STANDARD_CLASS) {
    report('DLMS-906', place.value('objects', index, 'class'), `There is no interface class ${object.class}.`);
  }
  if (item?.complete === true) {
    for (const number of Object.keys(object.attributes ?? {})) {
      if (Number(number) <= item.attributes.length) continue;
      report(
        'DLMS-906',
        place.key('objects', index, 'attributes', number),
        `Class ${item.id} (${item.name}) has ${item.attributes.length} attributes, no number ${number}.`,
      );
    }
  }
  checkUnits(object, index, place, report);
  const names = pattern.groups.flatMap((group) => group.name ?? []);
  for (const property of ['tariff', 'phase'] as const) {
    const value = object.quantity?.[property];
    const name = typeof value === 'string' ? /^\{([a-z]+)\}$/.exec(value)?.[1] : undefined;
    if (name === undefined || names.includes(name)) continue;
    report(
      'DLMS-907',
      place.value('objects', index, 'quantity', property),
      `No group of ${object.obis} is called '${name}'.`,
      {
        hint: `Write the group as {${name}:1..4} in 'obis'.`,
        suggestions: names.map((one) => `"{${one}}"`),
      },
    );
  }
  if (object.when !== undefined) {
    const { expression, findings } = parseExpression(object.when);
    const [problem] = findings;
    if (problem !== undefined || expression === undefined) {
      report(
        'DLMS-908',
        place.value('objects', index, 'when'),
        `'${object.when}' is no condition: ${problem?.message ?? 'nothing is compared'}`,
        {
          hint: 'Write for example phases == 3.',
        },
      );
    }
  }
}

function checkUnits(object: RawObject, index: number, place: PlaceOf, report: Report): void {
  const own = object.unit === undefined ? undefined : parseUnit(object.unit);
  const target = object.quantity?.unit === undefined ? undefined : parseUnit(object.quantity.unit);
  if (object.unit !== undefined && own === undefined) {
    report('DLMS-909', place.value('objects', index, 'unit'), `'${object.unit}' is no unit.`);
  }
  if (object.quantity?.unit !== undefined && target === undefined) {
    report('DLMS-909', place.value('objects', index, 'quantity', 'unit'), `'${object.quantity.unit}' is no unit.`);
  }
  if (own === undefined || target === undefined || sameQuantity(own.unit, target.unit)) return;
  report(
    'DLMS-909',
    place.value('objects', index, 'quantity', 'unit'),
    `${object.unit ?? ''} (${own.unit.quantity}) cannot be turned into ${object.quantity?.unit ?? ''} (${target.unit.quantity}).`,
    {
      related: [{ message: 'unit of the object', range: place.value('objects', index, 'unit'), file: '' }],
    },
  );
}

function checkExtends(raw: RawProfile, around: ProfileSurroundings, place: PlaceOf, report: Report): void {
  const { files } = around;
  if (files === undefined) return;
  for (const [index, name] of (raw.extends ?? []).entries()) {
    if (name === raw.profile) {
      report('DLMS-910', place.value('extends', index), 'A profile cannot extend itself.');
      continue;
    }
    if (findProfileFile(name, around.path ?? '', files) !== undefined) continue;
    report(
      'DLMS-910',
      place.value('extends', index),
      `There is no profile '${name}': neither ${profilePaths(name).join(' nor ')} is beside this file.`,
    );
  }
}

/** Paths a name in `extends` or `profile:` may mean, seen from the file that names it. */
export function profilePaths(name: string): readonly string[] {
  if (/\.ya?ml$/.test(name)) return [name];
  return [...new Set([`${name}.obis.yaml`, `${name.replaceAll('_', '-')}.obis.yaml`])];
}

/** The file of a profile named in another file. */
export function findProfileFile(name: string, from: string, files: FileProvider): string | undefined {
  return profilePaths(name)
    .map((path) => files.resolve?.(from, path) ?? resolvePath(from, path))
    .find((path) => files.readFile(path) !== undefined);
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
