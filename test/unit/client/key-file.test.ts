import assert from 'node:assert/strict';
import { parseKeyFile, secretProblem } from '../../../client/secrets/key-file.ts';

describe('key files', () => {
  it('gives names and values', () => {
    assert.deepEqual(parseKeyFile('{ "$schema": 1, "a/b": "hex:00ff", "c": "text:secret" }'), {
      ok: true,
      secrets: { 'a/b': 'hex:00ff', c: 'text:secret' },
    });
  });

  const refused: readonly (readonly [string, string, RegExp])[] = [
    ['no JSON', '{ "a": "hex:00112233', /not JSON/],
    ['an array', '["hex:00"]', /not an object/],
    ['null', 'null', /not an object/],
    ['nothing in it', '{}', /no key/],
    ['a number', '{ "a": 12 }', /"a" is not a string/],
    ['no prefix', '{ "a": "00112233" }', /neither with "hex:" nor with "text:"/],
    ['odd hex', '{ "a": "hex:001" }', /odd number/],
    ['no hex', '{ "a": "hex:0g" }', /something else than hex/],
    ['empty hex', '{ "a": "hex:" }', /none/],
    ['empty text', '{ "a": "text:" }', /empty/],
  ];
  for (const [name, text, problem] of refused) {
    it(`refuses ${name} and says why`, () => {
      const read = parseKeyFile(text);
      assert.ok(!read.ok);
      assert.match(read.problem, problem);
    });
  }

  it('never repeats a value in a message', () => {
    for (const text of [
      '{ "a": "hex:53ec2e7xyz" }',
      '{ "a": "53ec2e7xyz" }',
      '{ "a": 53ec2e7xyz }',
      '{ "a": "hex:53ec2e7"',
    ]) {
      const read = parseKeyFile(text);
      assert.ok(!read.ok);
      assert.doesNotMatch(read.problem, /53ec2e7/);
    }
    assert.doesNotMatch(secretProblem('text53ec2e7') ?? '', /53ec2e7/);
  });
});
