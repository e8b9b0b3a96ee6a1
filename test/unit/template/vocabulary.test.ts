import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseDocument } from '../../../engine/template/index.ts';
import { actions } from '../../../engine/template/vocabulary/actions.ts';
import { blockSpecs } from '../../../engine/template/vocabulary/blocks.ts';
import { allFunctions } from '../../../engine/template/vocabulary/functions.ts';
import { classSettings } from '../../../engine/template/vocabulary/object-blocks.ts';
import { quirkIds, quirkSpec } from '../../../engine/template/vocabulary/quirks.ts';
import type { PropertySpec } from '../../../engine/template/vocabulary/types.ts';
import { dataTypes } from '../../../engine/template/vocabulary/words.ts';
import { repositoryRoot } from './support.ts';

const readJson = (name: string): unknown => JSON.parse(readFileSync(path.join(repositoryRoot, name), 'utf8'));

interface Snippet {
  readonly prefix: string;
  readonly body: readonly string[];
  readonly description: string;
}

const properties: readonly (PropertySpec & { readonly where: string })[] = [
  ...blockSpecs.flatMap((spec) => [
    ...spec.properties.map((property) => ({ ...property, where: spec.kind })),
    ...(spec.free === undefined ? [] : [{ ...spec.free, name: 'any', where: spec.kind }]),
  ]),
  ...Object.entries(classSettings).flatMap(([id, list]) =>
    list.map((property) => ({ ...property, where: `class ${id}` })),
  ),
];

describe('vocabulary', () => {
  it('documents every kind, property, function and action in sentences', () => {
    for (const { doc, kind } of blockSpecs) assert.match(doc, /\.$/, kind);
    for (const { doc, name, where } of properties) assert.match(doc, /[.)]$/, `${where} ${name}`);
    for (const spec of allFunctions()) {
      assert.match(spec.doc, /[.)]$/, spec.name);
      for (const arg of spec.args) assert.match(arg.doc, /\.$/, `${spec.name} ${arg.name}`);
    }
    for (const { doc, name } of actions) assert.match(doc, /\.$/, name);
    for (const id of quirkIds) {
      const { doc, notice, seen, rows } = quirkSpec(id);
      assert.match(id, /^[a-z]+(?:-[a-z0-9]+)+$/);
      assert.match(doc, /\.$/, id);
      assert.match(notice, /\.$/, id);
      assert.match(seen, /[^.]$/, id);
      for (const row of rows) assert.match(row, /^Q\d\d$/, id);
    }
  });

  it('names nothing twice', () => {
    for (const spec of blockSpecs) {
      const names = spec.properties.map((property) => property.name);
      assert.equal(new Set(names).size, names.length, spec.kind);
    }
    const names = allFunctions().map((spec) => spec.name);
    assert.equal(new Set(names).size, names.length);
  });

  it('has examples that are well formed', () => {
    for (const { name, example, where } of [
      ...properties,
      ...actions.map((action) => ({ ...action, where: 'action' })),
    ]) {
      assert.deepEqual(parseDocument(`${name}: ${example}`).findings, [], `${where} ${name}: ${example}`);
    }
  });

  it('knows the kinds it speaks of', () => {
    const kinds = new Set(blockSpecs.map((spec) => spec.kind));
    for (const spec of blockSpecs)
      for (const parent of spec.within) assert.ok(kinds.has(parent), `${spec.kind} in ${parent}`);
  });
});

describe('editor files', () => {
  const grammar = JSON.stringify(readJson('grammars/dlmsmeter.tmLanguage.json'));

  it('colour every kind of block and every data type', () => {
    const listed = [...grammar.matchAll(/\(([a-z0-9-]+(?:\|[a-z0-9-]+){5,})\)/g)].map((match) =>
      (match[1] ?? '').split('|'),
    );
    const kinds = blockSpecs.map((spec) => spec.kind).filter((kind) => kind !== 'document');
    assert.ok(
      listed.some((words) => kinds.every((kind) => words.includes(kind)) && words.length === kinds.length),
      'kinds',
    );
    assert.ok(
      listed.some((words) => dataTypes.every((type) => words.includes(type)) && words.length === dataTypes.length),
      'data types',
    );
  });

  it('have expressions that are regular expressions', () => {
    const check = (node: unknown): void => {
      if (Array.isArray(node)) node.forEach(check);
      else if (typeof node === 'object' && node !== null) {
        for (const [key, value] of Object.entries(node)) {
          if (typeof value === 'string' && /^(?:match|begin|end)$/.test(key)) new RegExp(value);
          else check(value);
        }
      }
    };
    check(readJson('grammars/dlmsmeter.tmLanguage.json'));
    const configuration = readJson('grammars/language-configuration.json') as {
      readonly wordPattern: string;
      readonly indentationRules: Readonly<Record<string, string>>;
    };
    for (const pattern of [configuration.wordPattern, ...Object.values(configuration.indentationRules)])
      new RegExp(pattern);
  });

  it('find a word as a person would select it', () => {
    const { wordPattern } = readJson('grammars/language-configuration.json') as { readonly wordPattern: string };
    const words = 'object active_import 1-0:1.8.0.255 profile-generic { value: 12.5 }'.match(
      new RegExp(wordPattern, 'g'),
    );
    assert.deepEqual(words, ['object', 'active_import', '1-0:1.8.0.255', 'profile-generic', 'value', '12.5']);
  });

  for (const [name, snippet] of Object.entries(
    readJson('grammars/dlmsmeter.code-snippets.json') as Readonly<Record<string, Snippet>>,
  )) {
    it(`snippet ${name} is well formed once it is filled in`, () => {
      const filled = new Map<string, string>();
      const text = snippet.body
        .join('\n')
        .replace(/\$\{(\d+):([^}]*)\}/g, (_, stop: string, value: string) => {
          filled.set(stop, value);
          return value;
        })
        .replace(/\$\{(\d+)\|([^}|,]*)[^}]*\|\}/g, '$2')
        .replace(/\$(\d+)/g, (_, stop: string) => filled.get(stop) ?? '');
      const { findings } = parseDocument(text);
      assert.deepEqual(
        findings.map((item) => item.message),
        [],
      );
    });
  }
});
