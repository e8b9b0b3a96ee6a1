import assert from 'node:assert/strict';
import { connect } from '../../../engine/session/connect.ts';
import type { Connection } from '../../../engine/session/connection.ts';
import { asSessionError } from '../../../engine/session/errors.ts';
import type { TransportModel } from '../../../engine/template/model.ts';
import { needsSocat, openPtyPair } from '../serial/pty-pair.ts';
import { endpoint, fleetOf, startManaged, stopAllManaged, templates, writableModel } from './support/managed.ts';

const client: Connection = {
  host: '127.0.0.1',
  port: 0,
  framing: 'hdlc',
  referencing: 'LN',
  client: 16,
  server: 1,
  authentication: 'none',
  security: 'none',
  suite: 0,
  secrets: {},
  timeoutMs: 2000,
};

/** Three meters on one line, with HDLC. */
function startLine(listen: string, part: Partial<TransportModel> = {}) {
  const model = writableModel();
  const transports = model.transports.map((transport) => ({ ...transport, framing: 'hdlc' as const, ...part }));
  const compiled = templates([fleetOf({ meter: model.name })], [{ ...model, transports }]);
  return startManaged({ templates: compiled, listen });
}

async function nameAt(connection: Connection, physical: number): Promise<string> {
  const association = await connect({ ...connection, hdlc: { addressBytes: 2, lower: physical } });
  try {
    const name = await association.get({ class: 1, obis: '0-0:42.0.0.255', index: 2 });
    assert.ok('data' in name && name.data.t === 'octet-string');
    return Buffer.from(name.data.v).toString();
  } finally {
    await association.release();
  }
}

describe('several meters on one line', () => {
  afterEach(stopAllManaged);

  it('are called by their lower addresses over TCP', async () => {
    const managed = await startLine('shared:127.0.0.1:0');
    const { host, port } = endpoint(managed);
    const names = managed.emulator.meters.map(({ logicalDeviceName }) => logicalDeviceName);
    for (const [index, name] of names.entries())
      assert.equal(await nameAt({ ...client, host, port }, 16 + index), name);
    assert.equal(new Set(names).size, 3);
    assert.deepEqual(
      managed.emulator.endpoints().map(({ address }) => address),
      [16, 17, 18],
    );
  });

  it('have the numbers that were asked for, and nobody else answers', async () => {
    const managed = await startLine('shared:127.0.0.1:0@20');
    const { host, port } = endpoint(managed);
    assert.notEqual(await nameAt({ ...client, host, port }, 20), await nameAt({ ...client, host, port }, 21));
    const nobody = await connect({ ...client, host, port, hdlc: { addressBytes: 2, lower: 99 }, timeoutMs: 300 }).catch(
      (error: unknown) => error,
    );
    assert.equal(asSessionError(nobody)?.code, 'no-answer-to-snrm');
  });

  it('are called by their lower addresses on a serial port', async function () {
    needsSocat(this);
    const pair = await openPtyPair();
    try {
      const managed = await startLine(`serial:${pair.a}`, { kind: 'serial' });
      const names = managed.emulator.meters.map(({ logicalDeviceName }) => logicalDeviceName);
      const line = { ...client, host: pair.b, transport: 'serial' } as const;
      assert.equal(await nameAt(line, 18), names[2]);
      assert.equal(await nameAt(line, 16), names[0]);
    } finally {
      await stopAllManaged();
      await pair.close();
    }
  });
});
