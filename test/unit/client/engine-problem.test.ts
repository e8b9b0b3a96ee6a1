import assert from 'node:assert/strict';
import { ResponseError } from 'vscode-jsonrpc';
import { engineProblem } from '../../../client/engine/engine-problem.ts';
import { engineErrors } from '../../../engine/rpc/protocol.ts';

describe('failures of the engine', () => {
  it('are told by their code, with next step and findings', () => {
    const finding = { path: '/a.dlmsmeter', line: 3, column: 5, message: 'unknown property', code: 'x' };
    const problem = engineProblem(
      new ResponseError(engineErrors.templateInvalid, '1 error', {
        code: 'templateInvalid',
        next: 'Fix it.',
        findings: [finding, { path: 1 }],
      }),
    );
    assert.deepEqual(problem, {
      code: 'templateInvalid',
      message: '1 error',
      next: 'Fix it.',
      findings: [finding],
      names: [],
    });
  });

  it('are read whatever they are', () => {
    for (const thrown of [
      new Error('x'),
      'x',
      new ResponseError(-32603, 'x'),
      new ResponseError(1, 'x', 'y'),
      new ResponseError(1, 'x', { names: 7 }),
    ]) {
      const { code, message, findings, names } = engineProblem(thrown);
      assert.deepEqual({ code, message, findings, names }, { code: 'other', message: 'x', findings: [], names: [] });
    }
    assert.equal(engineProblem(undefined).message, 'undefined');
  });
});
