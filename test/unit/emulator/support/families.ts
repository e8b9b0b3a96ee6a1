import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { compileTemplate, diskFiles, type MeterModel } from '../../../../engine/template/index.ts';

const folder = path.resolve(import.meta.dirname, '../../../../samples/families');

/** A meter of samples/families that can be started, and the file it stands in. */
export interface Family {
  readonly file: string;
  readonly model: MeterModel;
}

/** Paths of the family templates. */
export const familyFiles: readonly string[] = readdirSync(folder)
  .filter((name) => name.endsWith('.dlmsmeter'))
  .map((name) => path.join(folder, name));

/** Public keys of the families by their names in the templates. */
export const familyKeys = JSON.parse(readFileSync(path.join(folder, 'demo.keys.json'), 'utf8')) as Readonly<
  Record<string, string>
>;

function compiled(file: string): readonly Family[] {
  const { model, findings } = compileTemplate(file, diskFiles);
  const meters = model?.meters ?? assert.fail(findings[0]?.message ?? 'no model');
  return meters.map((meter) => ({ file, model: meter }));
}

/** Every family once; files that use others define them again. */
export const families: readonly Family[] = [
  ...new Map(familyFiles.flatMap(compiled).map((family) => [family.model.name, family])).values(),
];
