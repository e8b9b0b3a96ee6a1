import assert from 'node:assert/strict';
import { findingCodes } from '../../../engine/template/index.ts';
import type { FindingCase } from './cases/case.ts';
import { formCases } from './cases/form.ts';
import { nameCases } from './cases/names.ts';
import { objectCases } from './cases/objects.ts';
import { reachCases } from './cases/reach.ts';
import { securityCases } from './cases/security.ts';
import { valueCases } from './cases/values.ts';
import { vocabularyCases } from './cases/vocabulary.ts';
import { analyseText, describeFinding, unmark } from './support.ts';

const cases: readonly FindingCase[] = [
  ...formCases,
  ...vocabularyCases,
  ...nameCases,
  ...valueCases,
  ...objectCases,
  ...securityCases,
  ...reachCases,
];

describe('findings of templates', () => {
  for (const item of cases) {
    it(`${item.code} ${findingCodes[item.code].title}${item.about === undefined ? '' : ` (${item.about})`}`, () => {
      const { text, range } = unmark(item.bad);
      const { findings, model } = analyseText(text, item.files);
      const shown = findings.map((one) => describeFinding(one, text)).join('\n');
      const found = findings.find(
        (one) => one.code === item.code && one.range.from === range.from && one.range.to === range.to,
      );
      assert.ok(found, `expected ${item.code} at ${range.from}..${range.to}, found:\n${shown}`);
      const others = findings.filter((one) => one !== found && !(item.also ?? []).includes(one.code));
      assert.deepEqual(
        others.map((one) => describeFinding(one, text)),
        [],
        'nothing else is wrong',
      );
      if (item.says !== undefined) assert.ok(found.message.includes(item.says), found.message);
      if (item.suggests !== undefined) assert.equal(found.suggestions?.[0], item.suggests);
      assert.ok(found.message.endsWith('.') || found.message.endsWith('?'), found.message);
      assert.equal(
        model === undefined,
        findings.some((one) => one.severity === 'error'),
      );

      if (item.good !== undefined) {
        const { good } = item;
        const right = analyseText(good, item.files);
        assert.deepEqual(
          right.findings.map((one) => describeFinding(one, good)),
          [],
        );
      }
    });
  }

  it('covers every code of templates', () => {
    const covered = new Set(cases.map((item) => item.code));
    const missing = Object.keys(findingCodes).filter(
      (code) => !code.startsWith('DLMS-9') && ![...covered].some((one) => one === code),
    );
    assert.deepEqual(missing, []);
  });

  it('has a good example for every code', () => {
    const shown = new Set(cases.filter((item) => item.good !== undefined).map((item) => item.code));
    assert.deepEqual(
      [...new Set(cases.map((item) => item.code))].filter((code) => !shown.has(code)),
      [],
    );
  });
});
