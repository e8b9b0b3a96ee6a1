import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { CertificateStore } from '../../../engine/meter/association/certificate-store.ts';
import { ContentKeyCounters } from '../../../engine/meter/association/content-keys.ts';
import { SecurityChanges } from '../../../engine/meter/association/security-changes.ts';
import { BehaviourSwitches } from '../../../engine/meter/behaviours/behaviour-switches.ts';
import { createMeter, type VirtualMeter } from '../../../engine/meter/meter.ts';
import type { MeterState } from '../../../engine/meter/meter-state.ts';
import { exportState, readState, restoreState, slot } from '../../../engine/meter/meter-state.ts';
import { MeterStateError } from '../../../engine/meter/state/state-format.ts';
import { meterModel } from './support/models.ts';

const START = Date.UTC(2026, 0, 1);
const meter = (): VirtualMeter => createMeter(meterModel(), { startedAt: START });

/** Something in every part; a part that is added has no sample until somebody writes one: this does not compile. */
function fullState(): MeterState {
  const securityChanges = new SecurityChanges();
  securityChanges.stage('main', {
    keys: { guek: new Uint8Array(16).fill(7) },
    policy: ['authenticated-request', 'encrypted-request'],
    suite: 0,
  });
  return {
    clockShift: -3_600_000,
    firmware: '2.0.1',
    nextFirmware: { version: '2.0.2', at: START + 5 },
    written: new Map([
      [slot(0, 2), { t: 'octet-string', v: Uint8Array.of(1, 2, 3) }],
      [slot(1, -1), { t: 'structure', v: [{ t: 'long-unsigned', v: 7 }, { t: 'null-data' }] }],
    ]),
    memories: new Map([
      [
        3,
        {
          offset: 12.5,
          clearedAt: START,
          captures: [START, START + 1],
          image: {
            identifier: Uint8Array.of(0x41),
            size: 600,
            blockSize: 256,
            received: Uint8Array.of(0x80),
            missing: 2,
            digest: new Uint8Array(32),
            status: 1,
            until: 0,
          },
          overSince: START,
          underSince: START,
          limiting: true,
          above: 5,
          preset: { to: START, from: START - 5, until: START + 5 },
          masks: [{ at: START, registers: new Map([['3/1-0:1.8.0.255', { shown: 7.5, counts: true }]]) }],
        },
      ],
    ]),
    overrides: new Map([
      [
        'load',
        [
          { since: START, value: 0 },
          { since: START + 5, value: undefined },
        ],
      ],
    ]),
    secretChanges: new Map([[0, new TextEncoder().encode('87654321')]]),
    access: new Map([['public|1/0-0:42.0.0.255', { t: 'null-data' }]]),
    failures: new Map([[0, { count: 2, lockedUntil: START + 60_000 }]]),
    behaviours: { draws: 9, used: new Map([['refusing/answer', 1]]) },
    switches: new BehaviourSwitches(new Map([['first-block-0', true]])),
    received: new Map([['main/guek', 41]]),
    sent: new Map([['main/guek', 0xffff_ffff]]),
    contentKeys: new ContentKeyCounters([['main/wrapped/00', 5]]),
    securityChanges,
    certificates: new Map([
      ['main', new CertificateStore([], new Map([['digital-signature', new Uint8Array(32).fill(3)]]), ['00ff'])],
    ]),
    schedule: { doneTo: START, unsettled: true, forwardFrom: START - 5 },
    push: { sent: 12 },
  };
}

function overJson(from: VirtualMeter): VirtualMeter {
  const to = meter();
  const read = readState(JSON.parse(JSON.stringify(exportState(from))), to);
  assert.deepEqual(read.unknown, []);
  restoreState(to, read);
  return to;
}

describe('state of a meter', () => {
  it('is nothing for a meter nothing has happened to', () => {
    assert.equal(exportState(meter()), undefined);
  });

  it('comes back whole', () => {
    const from = meter();
    Object.assign(from.state, fullState());
    const to = overJson(from);
    for (const part of Object.keys(fullState())) assert.ok(part in to.state, `${part} was lost`);
    assert.deepEqual(exportState(to), exportState(from));
    const written = to.written(1, -1);
    assert.deepEqual(written, from.written(1, -1));
    assert.equal(to.lastReceived('main/guek'), 41);
    assert.deepEqual(to.securityChanges.keysOf('main').guek, new Uint8Array(16).fill(7));
    assert.equal(to.touchedCertificates('main')?.waitingKey('digital-signature')?.[0], 3);
  });

  it('is kept by name: what the template knows no more is told and left out', () => {
    const state = { format: 1, written: { '1/9-9:9.9.9.9#2': '1101', '1/0-0:42.0.0.255#2': '0901aa' } };
    const { state: read, unknown } = readState(state, meter());
    assert.deepEqual(unknown, ['written["1/9-9:9.9.9.9#2"]']);
    assert.equal(read.written?.size, 1);
  });

  const hostile: readonly [string, unknown][] = [
    ['no object', 'x'],
    ['null', null],
    ['a list', []],
    ['no format', {}],
    ['a format of the future', { format: 2 }],
    ['a part nobody knows', { format: 1, novelties: {} }],
    ['__proto__', JSON.parse('{"format":1,"__proto__":{"written":{}}}')],
    ['an infinite clock', { format: 1, clockShift: Number.POSITIVE_INFINITY }],
    ['a value that is no Data', { format: 1, written: { '1/0-0:42.0.0.255#2': 'fe' } }],
    ['a value cut short', { format: 1, written: { '1/0-0:42.0.0.255#2': '0905aa' } }],
    ['a value with octets behind it', { format: 1, written: { '1/0-0:42.0.0.255#2': '110100' } }],
    ['odd hex', { format: 1, secretChanges: { public: 'abc' } }],
    ['a counter of 33 bits', { format: 1, received: { k: 2 ** 32 } }],
    ['a negative counter', { format: 1, sent: { k: -1 } }],
    ['failures without lockedUntil', { format: 1, failures: { public: { count: 1 } } }],
    ['a memory nobody knows', { format: 1, memories: { '8/0-0:1.0.0.255': { colour: 1 } } }],
    ['a suite nobody knows', { format: 1, securityChanges: { main: { suite: 3 } } }],
    [
      'a certificate that is none',
      {
        format: 1,
        certificates: { main: { held: [{ entity: 'server', type: 'tls', facts: '00' }], pairs: {}, distrusted: [] } },
      },
    ],
  ];
  for (const [name, json] of hostile) {
    it(`refuses ${name}, and leaves the meter as it was`, () => {
      const target = meter();
      assert.throws(() => readState(json, target), MeterStateError);
      assert.equal(exportState(target), undefined);
    });
  }

  it('never shows the value it refuses', () => {
    const secret = 'zz00112233445566778899aabbccddeeff';
    assert.throws(
      () => readState({ format: 1, securityChanges: { main: { keys: { guek: secret } } } }, meter()),
      (error: Error) => !error.message.includes(secret.slice(2)),
    );
  });

  /** Memory beside `state` would be lost over a restart; this list says of every field why it is none. */
  const noMemory: Readonly<Record<string, readonly string[]>> = {
    // Where it stands and who listens to it, how deep a value is worked out at the moment, when it is to look at its
    // schedules again, and up to when it did what it does by itself: a meter that is switched on begins anew with that.
    'meter.ts': ['neighbours', 'dueAt', 'rescheduled', 'outbox', '#depth', '#doneUntil'],
    'association/security-changes.ts': ['#staged'],
    'association/certificate-store.ts': ['#held'],
    'association/content-keys.ts': [],
  };
  for (const [file, expected] of Object.entries(noMemory)) {
    it(`${file} has no field that could change beside those kept`, () => {
      const source = readFileSync(join(import.meta.dirname, '../../../engine/meter', file), 'utf8');
      const body = /^export class [\s\S]*?^}/m.exec(source)?.[0] ?? '';
      const found = [...body.matchAll(/^ {2}(?!readonly |static )(#?\w+)(?::? .*)?;$/gm)];
      assert.deepEqual(
        found.map((match) => match[1]),
        expected,
        'a new field: move it into MeterState (engine/meter/meter-state.ts), or say here why it is not kept',
      );
    });
  }
});
