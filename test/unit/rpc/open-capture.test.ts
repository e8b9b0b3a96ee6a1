import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { openCapture } from '../../../engine/rpc/handlers/open-capture.ts';
import { TraceStore } from '../../../engine/rpc/trace-store.ts';

const shared = process.env.DLMS_SHARED ?? resolve(import.meta.dirname, '../../../../shared');
const folder = join(shared, 'peer-sessions');
const octets = (from: number, length: number) =>
  Buffer.from(Array.from({ length }, (_, at) => from + at)).toString('hex');
/** The keys of all recorded sessions, as somebody might keep them. */
const secrets = {
  'lab/guek': `hex:${octets(0, 16)}`,
  'lab/gak': `hex:${octets(0xd0, 16)}`,
  'lab suite 2 guek': `hex:${octets(0, 32)}`,
  'lab suite 2 gak': `hex:${octets(0xd0, 16).repeat(2)}`,
};
/** APDUs of a session, and the keys that open it. */
const sessions: readonly (readonly [name: string, apdus: number, keys: readonly string[]])[] = [
  ['s0-ln-wrapper-low', 38, []],
  ['s0-ln-hdlc-low', 36, []],
  ['s0-ln-wrapper-gmac-authenc-glo', 226, ['lab/guek', 'lab/gak']],
  ['s1-ln-wrapper-gmac-authenc', 48, ['lab/guek', 'lab/gak']],
  ['s2-ln-wrapper-gmac-authenc', 48, ['lab suite 2 guek', 'lab suite 2 gak']],
];

describe('captures of others as traces', () => {
  if (!existsSync(folder)) {
    it(`skipped: ../shared/peer-sessions is not here (0 of ${sessions.length} sessions)`, function () {
      this.skip();
    });
    return;
  }
  for (const [name, apdus, keys] of sessions) {
    it(`${name}: ${apdus} APDUs, none locked, no password in any row`, async () => {
      const traces = new TraceStore('test', () => undefined);
      const opened = await openCapture({ path: join(folder, `${name}.pcap`), secrets }, traces);
      const [trace] = opened.traces;
      assert.ok(trace);
      assert.deepEqual([trace.apdus, trace.locked, trace.keyNames], [apdus, 0, keys]);
      const entries = traces.entries(trace.traceId) ?? [];
      const shown = entries.flatMap(({ octets, plain }) => [octets, ...(plain === undefined ? [] : [plain])]);
      assert.ok(!shown.some((row) => Buffer.from(row).includes('Gurux')), 'the password of the lab');
      assert.ok(entries.some(({ direction, summary }) => direction === 'note' && summary.startsWith('get ')));
    });
  }
});
