import assert from 'node:assert/strict';
import { connect } from '../../../engine/session/connect.ts';
import type { TraceEntry } from '../../../engine/session/trace.ts';
import { openPtyPair, type PtyPair, whyNoPtys } from '../serial/pty-pair.ts';
import {
  type Combination,
  combinationName,
  combinations,
  legalMeetings,
  MECHANISMS,
  meetings,
  REFERENCINGS,
} from './support/matrix-combinations.ts';
import { connectionOf } from './support/matrix-connection.ts';
import { converse } from './support/matrix-dialogue.ts';
import { manufacturerHls, type ServedMeter, serve } from './support/matrix-meter.ts';
import { matrixTemplate, meterSecrets } from './support/matrix-template.ts';
import { checkDress } from './support/matrix-wire.ts';

/** Exchanges of `converse` beside those of opening and release. */
const LEAST_APDUS = 20;

/** Behind an IEC 62056-21 opening, which takes its time: by TCP, as behind a serial server, and on a serial line. */
const OPENED: readonly Combination[] = MECHANISMS.flatMap((mechanism, index) =>
  REFERENCINGS.map((referencing, at): Combination => {
    const suite = mechanism === 'ecdsa' ? 1 : 0;
    const layers = (index + at) % 2 === 0 ? 'authenc' : 'none';
    const way = index < 3 ? 'serial' : 'mode-e';
    return { mechanism, suite, layers, form: 'glo', signed: false, way, referencing, blocks: 'service' };
  }),
);

describe('mechanism x suite x protection x way x referencing, over sockets', () => {
  const cells = combinations();
  let served: ServedMeter;
  let pair: PtyPair | undefined;
  before(async () => {
    pair = whyNoPtys() === undefined ? await openPtyPair() : undefined;
    served = await serve(matrixTemplate(), {
      secrets: meterSecrets(),
      ...(pair === undefined ? {} : { serial: pair.a }),
    });
  });
  after(async () => {
    await served?.emulator.stop();
    await pair?.close();
  });

  async function run(cell: Combination): Promise<void> {
    const trace: TraceEntry[] = [];
    const connection = connectionOf(cell, served, pair?.b);
    const open = await connect(connection, { trace: (entry) => trace.push(entry), manufacturerHls });
    const opening = trace.length;
    try {
      await converse(open, cell, served);
      const apdus = checkDress(trace.slice(opening), cell);
      assert.ok(apdus >= LEAST_APDUS, `${apdus} APDUs`);
    } finally {
      await open.release();
    }
    assert.deepEqual(
      trace.flatMap(({ error }) => (error === undefined ? [] : [error])),
      [],
    );
  }

  it(`every two values of any two dimensions meet in ${cells.length} combinations`, () => {
    const met = meetings(cells);
    assert.deepEqual(
      legalMeetings().filter((pairOfValues) => !met.has(pairOfValues)),
      [],
    );
  });

  for (const cell of cells) it(combinationName(cell), () => run(cell));

  for (const cell of OPENED) {
    it(combinationName(cell), function () {
      if (cell.way === 'serial' && pair === undefined) {
        console.log(`      ${whyNoPtys()}`);
        this.skip();
      }
      return run(cell);
    });
  }

  it('no connection, no fault and no broken frame is left over', async () => {
    for (let tries = 0; tries < 200 && tcpSessions() > 0; tries += 1) await new Promise((done) => setTimeout(done, 10));
    assert.equal(tcpSessions(), 0);
    assert.equal(served.emulator.figures.errors, 0);
  });

  /** UDP clients have no end, and the serial line is one session for as long as it is open. */
  function tcpSessions(): number {
    const clients = served.emulator.details(served.meter.serial)?.clients ?? [];
    return clients.filter(({ transport }) => transport !== 'datagrams' && transport !== 'line').length;
  }
});
