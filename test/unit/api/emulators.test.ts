import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { FastifyInstance } from 'fastify';
import { createControlApi } from '../../../engine/api/server.ts';
import { ListenerTable } from '../../../engine/emulator/listener-table.ts';
import { EmulatorPool } from '../../../engine/emulator/pool.ts';
import { associated, fleetOf, templates, writableModel } from '../emulator/support/managed.ts';
import { object } from '../meter/support/models.ts';
import { pushSetup } from '../meter/support/pushes.ts';

const TOKEN = 'a-token-of-the-test';

describe('REST control of emulators', () => {
  let pool: EmulatorPool;
  let app: FastifyInstance;
  let id: string;
  beforeEach(async () => {
    pool = new EmulatorPool();
    const plain = writableModel({ quirks: [{ name: 'slow', actions: [] }] });
    const breaker = object({
      name: 'breaker',
      obis: '0-0:96.3.10.255',
      class: 70,
      attributes: { 4: { type: 'enum', value: { k: 'number', value: 4 } } },
    });
    const button = {
      ...breaker,
      name: 'button',
      obis: '0-1:96.3.10.255',
      attributes: { 4: { value: { k: 'number', value: 1 } } },
    } as const;
    // Nobody listens on that port: a push goes out and does not arrive.
    const model = { ...plain, objects: [...plain.objects, pushSetup({ destination: '127.0.0.1:9' }), breaker, button] };
    const compiled = templates([fleetOf({ meter: model.name })], [model]);
    const options = {
      templates: compiled,
      fleets: 'all',
      listen: '127.0.91.0/24:0',
      secrets: () => undefined,
      listeners: new ListenerTable(),
    } as const;
    id = (await pool.start('street.dlmsmeter', options, () => compiled)).id;
    app = await createControlApi({ version: '1.2.3', control: { pool, token: TOKEN } });
  });
  afterEach(async () => {
    await app.close();
    await pool.stopAll();
  });

  interface Options {
    readonly body?: object;
    readonly token?: string | null;
    readonly host?: string;
  }
  async function ask(method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', url: string, options: Options = {}) {
    const { body, token = TOKEN, host = '127.0.0.1:8431' } = options;
    const answer = await app.inject({
      method,
      url,
      headers: { host, ...(token === null ? {} : { authorization: `Bearer ${token}` }) },
      ...(body === undefined ? {} : { payload: body }),
    });
    return { status: answer.statusCode, json: answer.body === '' ? undefined : JSON.parse(answer.body) };
  }

  const strangers: readonly [string, Options, number, string][] = [
    ['without a token', { token: null }, 401, 'token-required'],
    ['with another token', { token: 'wrong' }, 401, 'token-required'],
    ['with an empty token', { token: '' }, 401, 'token-required'],
    ['by a name of the web', { host: 'rebound.example:8431' }, 403, 'foreign-host'],
    ['by a name that begins like ours', { host: '127.0.0.1.example' }, 403, 'foreign-host'],
  ];
  for (const [who, options, status, type] of strangers) {
    it(`refuses who comes ${who}`, async () => {
      for (const [method, path] of [
        ['GET', ''],
        ['DELETE', `/${id}`],
        ['POST', `/${id}/reload`],
      ] as const) {
        const answer = await ask(method, `/emulators${path}`, options);
        assert.deepEqual([answer.status, answer.json.type], [status, type], `${method} ${path}`);
      }
      assert.equal(pool.list().length, 1);
    });
  }

  it('lists, scales, reloads and stops', async () => {
    const [listed] = (await ask('GET', '/emulators')).json;
    assert.deepEqual([listed.id, listed.count, listed.fleets], [id, 3, [{ name: 'street', count: 3 }]]);
    const scaled = await ask('POST', `/emulators/${id}/scale`, { body: { count: 5 } });
    assert.deepEqual([scaled.status, scaled.json.count], [200, 5]);
    assert.equal((await ask('GET', `/emulators/${id}/endpoints?offset=3&limit=10`)).json.length, 2);
    // A count that was changed while it runs is not taken back by a template that says what it said.
    assert.equal((await ask('POST', `/emulators/${id}/reload`)).json.count, 5);
    assert.equal((await ask('DELETE', `/emulators/${id}`)).status, 204);
    assert.deepEqual((await ask('GET', '/emulators')).json, []);
    assert.equal((await ask('DELETE', `/emulators/${id}`)).status, 404);
  });

  it('changes simulated time', async () => {
    const path = `/emulators/${id}/time`;
    const { json } = await ask('PATCH', path, { body: { to: '2030-01-01T12:00Z', frozen: true, speed: 60 } });
    assert.deepEqual(json, { now: '2030-01-01T12:00:00.000Z', speed: 60, frozen: true, real: false });
    assert.equal((await ask('PATCH', path, { body: { by_seconds: -3600 } })).json.now, '2030-01-01T11:00:00.000Z');
    assert.equal((await ask('PATCH', path, { body: { real: true } })).json.real, true);
    assert.equal((await ask('GET', path)).json.frozen, false);
  });

  it('tells of a meter, its clients and its quirks, and switches them', async () => {
    const serial = pool.get(id)?.meters[1]?.serial ?? '';
    const [, place] = pool.get(id)?.endpoints() ?? [];
    assert.ok(place !== undefined);
    const client = await associated(place);
    const meter = async () => (await ask('GET', `/emulators/${id}/meters/${serial}`)).json;
    const before = await meter();
    assert.deepEqual(
      before.clients.map((one: { client_sap: number; association: string }) => [one.client_sap, one.association]),
      [[16, 'public']],
    );
    const slow = async () => (await meter()).behaviours.find(({ name }: { name: string }) => name === 'slow');
    assert.equal((await slow()).on, true);
    const one = await ask('PUT', `/emulators/${id}/behaviours/slow`, { body: { on: false, serial } });
    assert.deepEqual(one.json, { meters: 1 });
    assert.deepEqual([(await slow()).on, (await slow()).default], [false, true]);
    assert.deepEqual((await ask('PUT', `/emulators/${id}/behaviours/slow`, { body: { on: null } })).json, {
      meters: 3,
    });
    assert.equal((await slow()).on, true);
    client.close();
  });

  it('makes meters push and presses their buttons', async () => {
    const serial = pool.get(id)?.meters[1]?.serial ?? '';
    const path = `/emulators/${id}/meters/${serial}`;
    assert.deepEqual((await ask('GET', `/emulators/${id}`)).json.pushes.failed, 0);
    assert.deepEqual(await ask('POST', `${path}/push`, { body: { setup: '0-0:25.9.0.255' } }), {
      status: 202,
      json: undefined,
    });
    assert.equal((await ask('POST', `${path}/push`, { body: {} })).status, 202);
    const pushes = async () => (await ask('GET', `/emulators/${id}`)).json.pushes;
    let figures = await pushes();
    for (let tries = 0; tries < 100 && figures.failed < 2; tries += 1) {
      await pause(10);
      figures = await pushes();
    }
    assert.equal(figures.failed, 2);
    assert.match(figures.last_failure, /127\.0\.0\.1:9/);
    const pressed = await ask('POST', `${path}/press`, { body: { object: 'button' } });
    assert.deepEqual(
      [pressed.status, pressed.json],
      [200, { object: 'button', control_state: 'ready-for-reconnection' }],
    );
    const again = await ask('POST', `${path}/press`, { body: { object: 'button' } });
    assert.equal(again.json.control_state, 'connected');
    const refused = await ask('POST', `${path}/press`, { body: {} });
    assert.deepEqual([refused.status, refused.json.type], [409, 'meter-refuses']);
  });

  const wrong: readonly [string, Parameters<typeof ask>, number, string][] = [
    ['an emulator that is not there', ['GET', '/emulators/emulator-99'], 404, 'unknown-name'],
    ['a meter that is not there', ['GET', '/emulators/emulator-1/meters/nobody'], 404, 'unknown-name'],
    ['no meters', ['POST', '/emulators/emulator-1/scale', { body: { count: 0 } }], 400, 'invalid-request'],
    [
      'more than there is room for',
      ['POST', '/emulators/emulator-1/scale', { body: { count: 999 } }],
      400,
      'bad-listen',
    ],
    [
      'a fleet that is not there',
      ['POST', '/emulators/emulator-1/scale', { body: { count: 2, fleet: 'x' } }],
      404,
      'unknown-name',
    ],
    ['a speed of nothing', ['PATCH', '/emulators/emulator-1/time', { body: { speed: 0 } }], 400, 'invalid-request'],
    ['a time that is none', ['PATCH', '/emulators/emulator-1/time', { body: { to: 'noon' } }], 400, 'bad-time'],
    ['nothing to change', ['PATCH', '/emulators/emulator-1/time', { body: {} }], 400, 'invalid-request'],
    ['something nobody knows', ['PATCH', '/emulators/emulator-1/time', { body: { sped: 2 } }], 400, 'invalid-request'],
    [
      'a quirk nobody knows',
      ['PUT', '/emulators/emulator-1/behaviours/grumpy', { body: { on: true } }],
      404,
      'unknown-name',
    ],
    [
      'a push of a meter that is not there',
      ['POST', '/emulators/emulator-1/meters/nobody/push', { body: {} }],
      404,
      'unknown-name',
    ],
    [
      'the button of a meter that is not there',
      ['POST', '/emulators/emulator-1/meters/nobody/press', { body: {} }],
      404,
      'unknown-name',
    ],
    [
      'a push of nobody knows what',
      ['POST', '/emulators/emulator-1/meters/00000001/push', { body: { setp: 'x' } }],
      400,
      'invalid-request',
    ],
    ['a start where none is offered', ['POST', '/emulators', { body: { path: 'x' } }], 404, 'not-found'],
  ];
  for (const [what, request, status, type] of wrong) {
    it(`refuses ${what} with what to do`, async () => {
      const answer = await ask(...request);
      assert.deepEqual([answer.status, answer.json.type], [status, type]);
      assert.ok((answer.json.detail ?? '').length > 3);
    });
  }

  it('describes itself', async () => {
    const { json } = await ask('GET', '/docs/json', { token: null });
    assert.deepEqual(Object.keys(json.paths['/emulators/{id}/time']), ['get', 'patch']);
    assert.equal(json.components.securitySchemes.token.scheme, 'bearer');
  });
});
