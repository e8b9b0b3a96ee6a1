import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { type MessageConnection, ResponseError } from 'vscode-jsonrpc/node';
import type { Engine } from '../../../engine/rpc/engine.ts';
import * as protocol from '../../../engine/rpc/protocol.ts';
import { rpcPair } from './rpc-pair.ts';

const root = resolve(import.meta.dirname, '../../..');
const acme = join(root, 'samples/acme-a1000.dlmsmeter');
const password = 'acme1000';

describe('traces over rpc', () => {
  let folder: string;
  let client: MessageConnection;
  let engine: Engine;
  let demo: Record<string, string>;
  /** Traces of a ciphered and of a password association with the same meter. */
  let ciphered: string;
  let withPassword: string;

  before(async () => {
    // In another order than they are named to people.
    const keys: Record<string, string> = JSON.parse(await readFile(join(root, 'samples/demo.keys.json'), 'utf8'));
    demo = Object.fromEntries(Object.entries(keys).toSorted(([a], [b]) => (a < b ? -1 : 1)));
    folder = await mkdtemp(join(tmpdir(), 'dlms-rpc-'));
    ({ client, engine } = rpcPair());
    await client.sendRequest(protocol.Initialize, {});
    const params = { path: acme, secrets: demo, count: 1, listen: '127.0.0.1:0' };
    const { endpoints } = await client.sendRequest(protocol.StartEmulator, params);
    const way = { host: '127.0.0.1', port: endpoints[0]?.port ?? 0, framing: 'wrapper', referencing: 'LN' } as const;
    const read = async (connection: Partial<protocol.ConnectionParams> & Pick<protocol.ConnectionParams, 'client'>) => {
      const { traceId, failure } = await client.sendRequest(protocol.ReadMeter, {
        connection: {
          ...way,
          server: 1,
          suite: 0,
          authentication: 'none',
          security: 'none',
          secrets: {},
          ...connection,
        },
        items: ['0-0:42.0.0.255#2'],
      });
      assert.equal(failure, undefined);
      return traceId;
    };
    const ring = { guek: demo['acme-demo/guek'] ?? '', gak: demo['acme-demo/gak'] ?? '' };
    ciphered = await read({ client: 1, authentication: 'gmac', security: 'authenc', secrets: ring });
    withPassword = await read({
      client: 2,
      authentication: 'lls',
      secrets: { password: demo['acme-demo/reader'] ?? '' },
    });
  });
  after(async () => {
    await engine.close();
    client.dispose();
    await rm(folder, { recursive: true, force: true });
  });

  const rowsOf = async (traceId: string) => (await client.sendRequest(protocol.GetTrace, { traceId })).rows;
  const decode = (traceId: string, index: number) => client.sendRequest(protocol.DecodeTraceRow, { traceId, index });

  /** The octets of a trace as a log that somebody pastes. */
  async function logOf(traceId: string, layer: 'link' | 'apdu'): Promise<string> {
    const rows = (await rowsOf(traceId)).filter((row) => row.layer === layer && row.direction !== 'note');
    return rows.map(({ direction, octets }) => `${direction === 'tx' ? 'TX' : 'RX'}: ${octets}`).join('\n');
  }

  for (const layer of ['link', 'apdu'] as const) {
    it(`opens a pasted log of layer ${layer} with stored keys and names them`, async () => {
      const { traceId, locked } = await client.sendRequest(protocol.Translate, { text: await logOf(ciphered, layer) });
      assert.ok(locked >= 4, `${locked} locked`);
      const before = await rowsOf(traceId);
      const at = before.findLastIndex(
        ({ direction, summary }) => direction === 'rx' && summary.includes('get-response'),
      );
      assert.equal((await decode(traceId, at)).locked, true);
      const result = await client.sendRequest(protocol.UnlockTrace, { traceId, secrets: demo });
      assert.deepEqual(result, {
        opened: locked,
        closed: 0,
        keyNames: ['acme-demo/guek', 'acme-demo/gak'],
        titleMissing: false,
      });
      const { plain, locked: still } = await decode(traceId, at);
      assert.equal(still, undefined);
      assert.equal(plain?.kind, 'get-response');
      assert.ok(plain.octets.includes(Buffer.from('ACM00000001').toString('hex')));
      assert.equal(plain.fields[0]?.to, plain.octets.length / 2, 'ranges count in the clear octets');
      assert.match((await rowsOf(traceId))[at]?.summary ?? '', /get-response-normal$/);
    });
  }

  it('opens with keys whose names say nothing, and never by the wrong ones', async () => {
    const { traceId, locked } = await client.sendRequest(protocol.Translate, { text: await logOf(ciphered, 'apdu') });
    const { 'acme-demo/guek': one = '', 'acme-demo/gak': two = '', ...others } = demo;
    const wrong = await client.sendRequest(protocol.UnlockTrace, { traceId, secrets: { ...others, first: two } });
    assert.deepEqual([wrong.opened, wrong.closed], [0, locked]);
    const secrets = { ...others, first: two, second: one };
    const right = await client.sendRequest(protocol.UnlockTrace, { traceId, secrets });
    assert.deepEqual([right.opened, right.keyNames.toSorted()], [locked, ['first', 'second']]);
  });

  it('says when the title of the sender is missing, and takes it', async () => {
    const rows = (await rowsOf(ciphered)).filter(({ layer, direction }) => layer === 'apdu' && direction === 'rx');
    const aare = rows.find(({ octets }) => octets.startsWith('61') && octets.includes('a40a0408'));
    const title = /a40a0408([0-9a-f]{16})/.exec(aare?.octets ?? '')?.[1] ?? '';
    const glo = rows.findLast(({ octets }) => octets.startsWith('cc'))?.octets ?? '';
    const { traceId, locked } = await client.sendRequest(protocol.Translate, { text: glo });
    assert.equal(locked, 1);
    const without = await client.sendRequest(protocol.UnlockTrace, { traceId, secrets: demo });
    assert.deepEqual([without.opened, without.titleMissing], [0, true]);
    const unlock = (systemTitle: string) =>
      client.sendRequest(protocol.UnlockTrace, { traceId, secrets: demo, systemTitle });
    await assert.rejects(
      unlock('12'),
      (error) => error instanceof ResponseError && error.code === protocol.engineErrors.badInput,
    );
    assert.equal((await unlock(title)).opened, 1);
  });

  it('sends no key back', async () => {
    const { traceId } = await client.sendRequest(protocol.Translate, { text: await logOf(ciphered, 'apdu') });
    const result = await client.sendRequest(protocol.UnlockTrace, { traceId, secrets: demo });
    const trace = await client.sendRequest(protocol.GetTrace, { traceId });
    const decoded = await Promise.all(trace.rows.map(({ index }) => decode(traceId, index)));
    const said = JSON.stringify([result, trace, decoded]);
    for (const [name, value] of Object.entries(demo)) {
      if (value.startsWith('hex:')) assert.ok(!said.includes(value.slice(4)), `${name} came back`);
    }
  });

  it('gives a row as hex, JSON and XML of either view', async () => {
    const rows = await rowsOf(ciphered);
    const row = rows.findLast(
      ({ layer, direction, octets }) => layer === 'apdu' && direction === 'rx' && octets.startsWith('cc'),
    );
    assert.ok(row);
    const text = async (format: protocol.RowText, view: 'wire' | 'plain') =>
      (await client.sendRequest(protocol.GetRowText, { traceId: ciphered, index: row.index, format, view })).text;
    assert.equal(await text('hex', 'wire'), row.octets);
    assert.match(await text('hex', 'plain'), /^c401/);
    assert.equal(JSON.parse(await text('json', 'wire')).kind, 'glo-get-response');
    assert.equal(JSON.parse(await text('json', 'plain')).kind, 'get-response');
    assert.match(await text('xml', 'wire'), /<glo_GetResponse|<GloGetResponse|glo/i);
    assert.match(await text('xml', 'plain'), /^<GetResponse>/);
    const { traceId } = await client.sendRequest(protocol.Translate, { text: '7e a0 07 03 21 93 0f 01 7e' });
    await assert.rejects(
      client.sendRequest(protocol.GetRowText, { traceId, index: 0, format: 'xml', view: 'wire' }),
      /cannot be written as XML/,
    );
  });

  it('exports pcapng with comments, and reads it again as a capture', async () => {
    const path = join(folder, 'trace.pcapng');
    const { packets, comments } = await client.sendRequest(protocol.ExportTrace, { traceId: ciphered, path });
    assert.ok(packets > comments && comments >= 8, `${packets} packets, ${comments} comments`);
    const file = await readFile(path, 'latin1');
    assert.match(file, /get-request-normal 0-0:42\.0\.0\.255 #2\n<GetRequest>/);

    const closed = await client.sendRequest(protocol.OpenCapture, { path });
    assert.equal(closed.traces.length, 1);
    assert.ok((closed.traces[0]?.locked ?? 0) > 0);
    const { traces } = await client.sendRequest(protocol.OpenCapture, { path, secrets: demo });
    const [trace] = traces;
    assert.ok(trace);
    assert.deepEqual([trace.locked, trace.keyNames], [0, ['acme-demo/guek', 'acme-demo/gak']]);
    const rows = await rowsOf(trace.traceId);
    assert.ok(rows.some(({ direction, summary }) => direction === 'note' && summary.includes('ACM00000001')));
    const live = (await rowsOf(ciphered)).filter(({ layer, direction }) => layer === 'apdu' && direction !== 'note');
    const again = rows.filter(({ layer, direction }) => layer === 'apdu' && direction !== 'note');
    assert.deepEqual(
      again.map(({ octets }) => octets),
      live.map(({ octets }) => octets),
    );
  });

  it('masks the password of a captured association in every layer', async () => {
    const path = join(folder, 'password.pcapng');
    await client.sendRequest(protocol.ExportTrace, { traceId: withPassword, path });
    // The live trace is masked already: put the password back, as a network analyser would have caught it.
    const file = await readFile(path);
    const at = file.indexOf('*'.repeat(password.length), 0, 'latin1');
    assert.ok(at > 0);
    file.write(password, at, 'latin1');
    await writeFile(path, file);
    const { traces } = await client.sendRequest(protocol.OpenCapture, { path });
    const rows = await rowsOf(traces[0]?.traceId ?? '');
    const hex = Buffer.from(password).toString('hex');
    assert.ok(rows.some(({ octets, layer }) => layer === 'link' && octets.includes('2a'.repeat(password.length))));
    assert.deepEqual(
      rows.filter(({ octets }) => octets.includes(hex)),
      [],
    );
  });

  it('refuses what is no capture, and a file that is not there', async () => {
    const path = join(folder, 'no.pcap');
    await writeFile(path, 'hello');
    await assert.rejects(client.sendRequest(protocol.OpenCapture, { path }), /no\.pcap is no capture/);
    await assert.rejects(
      client.sendRequest(protocol.OpenCapture, { path: join(folder, 'none.pcap') }),
      /cannot be read/,
    );
    await assert.rejects(client.sendRequest(protocol.ExportTrace, { traceId: 'none', path }), /not kept any more/);
  });

  it('listens for pushes into a trace until it is stopped', async () => {
    const ended = Promise.withResolvers<protocol.ListenerEnded>();
    client.onNotification(protocol.ListenerStopped, ended.resolve);
    const added = Promise.withResolvers<void>();
    client.onNotification(protocol.TraceAdded, ({ row }) => {
      if (row.direction === 'note' && row.summary.includes('123456789')) added.resolve();
    });
    const source = { kind: 'tcp', host: '127.0.0.1', port: 0 } as const;
    const {
      listenerId,
      traceId,
      port = 0,
      title,
    } = await client.sendRequest(protocol.StartListener, { source, secrets: {} });
    assert.equal(title, `tcp 127.0.0.1:${port}`);
    await assert.rejects(
      client.sendRequest(protocol.StartListener, { source: { ...source, port }, secrets: {} }),
      (error) => error instanceof ResponseError && error.code === protocol.engineErrors.portInUse,
    );
    // Wrapper, then a data-notification with one double-long-unsigned.
    const socket = connect(port, '127.0.0.1');
    socket.end(Buffer.from('000100010010000b0f000000010006075bcd15', 'hex'));
    await added.promise;
    await client.sendRequest(protocol.StopListener, { listenerId });
    assert.deepEqual(await ended.promise, { listenerId, traceId, pushes: 1, lost: 0 });
    const [row] = await rowsOf(traceId);
    assert.match(row?.summary ?? '', /^data-notification, from 127\.0\.0\.1:\d+, wrapper$/);
    const path = join(folder, 'push.pcapng');
    assert.equal((await client.sendRequest(protocol.ExportTrace, { traceId, path })).comments, 1);
  });
});
