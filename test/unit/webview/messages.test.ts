import assert from 'node:assert/strict';
import { fits, fromPage, pageState, toPage } from '../../../webview/messages.ts';

describe('messages between extension and pages', () => {
  const good: readonly unknown[] = [
    { type: 'problem', message: 'x' },
    { type: 'scan/rows', rows: [], reset: true },
    {
      type: 'trace/decoded',
      decoded: {
        index: 1,
        wire: {
          kind: 'aarq',
          octets: '60',
          fields: [
            { name: 'a', from: 0, to: 1, children: [{ name: 'b', from: 0, to: 1, explanation: 'what b is for' }] },
          ],
          deviations: [],
        },
        locked: false,
      },
    },
  ];
  for (const message of good)
    it(`takes ${JSON.stringify(message).slice(0, 60)}`, () => assert.ok(fits(toPage, message)));

  const bad: readonly (readonly [unknown, RegExp])[] = [
    [undefined, /undefined, expected an object/],
    [null, /null, expected an object/],
    [{}, /unknown message type/],
    [{ type: 'no such' }, /unknown message type/],
    [{ type: 'toString' }, /unknown message type/],
    [{ type: 'problem' }, /message: missing/],
    [{ type: 'problem', message: 1 }, /number, expected a string/],
    [{ type: 'problem', message: 'x', password: 'y' }, /password: not expected here/],
    [{ type: 'scan/rows', rows: {}, reset: true }, /object, expected an array/],
    [{ type: 'scan/rows', rows: [{ host: 'a' }], reset: true }, /rows\[0\]\.port: missing/],
    [{ type: 'trace/select', index: -1 }, /integer from 0/],
    [{ type: 'trace/select', index: Number.NaN }, /integer from 0/],
    [
      {
        type: 'trace/decoded',
        decoded: { index: 0, wire: { kind: '', octets: 'ABC', fields: [], deviations: [] }, locked: false },
      },
      /hex digits/,
    ],
    [
      {
        type: 'trace/decoded',
        decoded: {
          index: 0,
          wire: {
            kind: '',
            octets: '',
            fields: [{ name: 'a', from: 0, to: 1, children: [{ name: 2, from: 0, to: 1 }] }],
            deviations: [],
          },
          locked: false,
        },
      },
      /children\[0\]\.name: number/,
    ],
  ];
  for (const [message, problem] of bad) {
    it(`refuses ${JSON.stringify(message)?.slice(0, 70)}`, () => {
      assert.ok(!fits(toPage, message));
      assert.match(toPage.problem(message, 'message') ?? '', problem);
    });
  }

  it('takes only what pages may ask for', () => {
    assert.ok(fits(fromPage, { type: 'scan/open', host: 'a', port: 1, as: 'read' }));
    assert.ok(!fits(fromPage, { type: 'scan/open', host: 'a', port: 1, as: 'write' }));
    assert.ok(!fits(fromPage, { type: 'scan/rows', rows: [], reset: true }), 'the other direction');
  });

  it('takes a remembered state back only when it fits', () => {
    assert.ok(fits(pageState, { subject: 's1', filter: 'acme', descending: false }));
    for (const state of [undefined, {}, { subject: 1 }, { subject: 's1', html: '<b>' }])
      assert.ok(!fits(pageState, state));
  });
});
