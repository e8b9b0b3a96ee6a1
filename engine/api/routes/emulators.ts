import type { FastifyInstance } from 'fastify';
import { EmulatorError } from '../../emulator/errors.ts';
import { pushNow } from '../../emulator/orders.ts';
import type { EmulatorPool } from '../../emulator/pool.ts';
import { parseTime } from '../../emulator/simulated-clock.ts';
import { type PageQuery, pageQuery } from '../page.ts';
import { problemSchema } from '../problem.ts';
import { tokenRequired } from '../token.ts';
import * as wire from './emulator-wire.ts';

/** What a client may ask to be started; what is left out is as the server says. */
export interface StartRequest {
  readonly path: string;
  readonly fleet?: string;
  readonly meter?: string;
  readonly count?: number;
  readonly listen?: string;
  readonly seed?: number;
}

/** Emulators that can be changed from outside. */
export interface EmulatorControl {
  readonly pool: EmulatorPool;
  /** Who sends it may do everything below. */
  readonly token: string;
  /** Starts templates of this machine; absent where this server runs what it was started with. Throws EmulatorError. */
  readonly start?: (request: StartRequest) => Promise<{ readonly id: string }>;
}

interface IdParams {
  readonly id: string;
}

interface TimeBody {
  readonly real?: boolean;
  readonly to?: string;
  readonly by_seconds?: number;
  readonly speed?: number;
  readonly frozen?: boolean;
}

const errors = { 400: problemSchema, 401: problemSchema, 404: problemSchema, 409: problemSchema } as const;
const common = { tags: ['emulators'], security: [{ token: [] }] };

/** Emulated meters: list, start, stop, scale, reload, time, figures, meters, push. All of it needs the token. */
export function emulatorsRoutes(app: FastifyInstance, { pool, token, start }: EmulatorControl): void {
  app.register(async (routes) => {
    routes.addHook('onRequest', tokenRequired(token));
    lifeRoutes(routes, pool, start);
    timeRoutes(routes, pool);
    meterRoutes(routes, pool);
  });
}

function lifeRoutes(app: FastifyInstance, pool: EmulatorPool, start: EmulatorControl['start']): void {
  app.get(
    '/emulators',
    {
      schema: {
        ...common,
        operationId: 'listEmulators',
        summary: 'Emulators that run, with their figures',
        response: { 200: { description: 'All of them.', type: 'array', items: wire.instance }, 401: problemSchema },
      },
    },
    async () => pool.list().map(wire.instanceOf),
  );
  if (start !== undefined) {
    app.post<{ Body: StartRequest }>(
      '/emulators',
      {
        schema: {
          ...common,
          operationId: 'startEmulator',
          summary: 'Starts the meters of a template file of this machine',
          body: wire.startRequest,
          response: { 201: { description: 'It runs.', ...wire.instance }, ...errors, 422: problemSchema },
        },
      },
      async ({ body }, reply) => {
        const { id } = await start(body);
        return reply.code(201).send(wire.instanceOf(found(pool.describe(id), id)));
      },
    );
  }
  app.get<{ Params: IdParams }>(
    '/emulators/:id',
    {
      schema: {
        ...common,
        operationId: 'getEmulator',
        summary: 'One emulator with rates, its busiest meters and its clock',
        params: wire.idParams,
        response: { 200: { description: 'As it is now.', ...wire.instance }, ...errors },
      },
    },
    async ({ params: { id } }) => {
      const instance = found(pool.describe(id), id);
      return { ...wire.instanceOf(instance), ...wire.activityOf(found(pool.get(id), id).activity()) };
    },
  );
  app.delete<{ Params: IdParams }>(
    '/emulators/:id',
    {
      schema: {
        ...common,
        operationId: 'stopEmulator',
        summary: 'Stops an emulator and keeps the state of its meters, where it keeps any',
        params: wire.idParams,
        response: { 204: { description: 'It has stopped.', type: 'null' }, ...errors },
      },
    },
    async ({ params: { id } }, reply) => {
      if (!(await pool.stop(id))) throw unknownEmulator(id);
      return reply.code(204).send(null);
    },
  );
  app.post<{ Params: IdParams; Body: { readonly count: number; readonly fleet?: string } }>(
    '/emulators/:id/scale',
    {
      schema: {
        ...common,
        operationId: 'scaleEmulator',
        summary: 'Adds or removes meters; those that stay keep their connections',
        params: wire.idParams,
        body: wire.scaleRequest,
        response: { 200: { description: 'It has so many meters.', ...wire.instance }, ...errors },
      },
    },
    async ({ params: { id }, body }) => wire.instanceOf(found(await pool.scale(id, body.count, body.fleet), id)),
  );
  app.post<{ Params: IdParams }>(
    '/emulators/:id/reload',
    {
      schema: {
        ...common,
        operationId: 'reloadEmulator',
        summary: 'Reads the templates again; meters whose model did not change keep their connections',
        params: wire.idParams,
        response: {
          200: { description: 'It runs what they say now.', ...wire.instance },
          ...errors,
          422: problemSchema,
        },
      },
    },
    async ({ params: { id } }) => wire.instanceOf(found(await pool.reload(id), id)),
  );
}

function timeRoutes(app: FastifyInstance, pool: EmulatorPool): void {
  app.get<{ Params: IdParams }>(
    '/emulators/:id/time',
    {
      schema: {
        ...common,
        operationId: 'getEmulatorTime',
        summary: 'Simulated time of an emulator',
        params: wire.idParams,
        response: { 200: { description: 'Its clock.', ...wire.time }, ...errors },
      },
    },
    async ({ params: { id } }) => wire.timeOf(found(pool.get(id), id).time),
  );
  app.patch<{ Params: IdParams; Body: TimeBody }>(
    '/emulators/:id/time',
    {
      schema: {
        ...common,
        operationId: 'changeEmulatorTime',
        summary: 'Freezes simulated time, lets it jump, or go faster or slower',
        params: wire.idParams,
        body: wire.timeRequest,
        response: { 200: { description: 'Its clock now.', ...wire.time }, ...errors },
      },
    },
    async ({ params: { id }, body: { to, by_seconds, ...rest } }) => {
      const change = {
        ...rest,
        ...(to === undefined ? {} : { to: parseTime(to) }),
        ...(by_seconds === undefined ? {} : { by: by_seconds * 1000 }),
      };
      return wire.timeOf(found(pool.changeTime(id, change), id));
    },
  );
}

function meterRoutes(app: FastifyInstance, pool: EmulatorPool): void {
  app.get<{ Params: IdParams; Querystring: PageQuery }>(
    '/emulators/:id/endpoints',
    {
      schema: {
        ...common,
        operationId: 'listEmulatorEndpoints',
        summary: 'Where its meters listen, in their order',
        params: wire.idParams,
        querystring: pageQuery,
        response: { 200: { description: 'A page.', type: 'array', items: wire.endpoint }, ...errors },
      },
    },
    async ({ params: { id }, query: { offset, limit } }) => found(pool.get(id), id).endpoints(limit, offset),
  );
  app.get<{ Params: IdParams & { readonly serial: string } }>(
    '/emulators/:id/meters/:serial',
    {
      schema: {
        ...common,
        operationId: 'getEmulatedMeter',
        summary: 'One meter: figures, and who is connected to it',
        params: wire.meterParams,
        response: { 200: { description: 'The meter.', ...wire.meter }, ...errors },
      },
    },
    async ({ params: { id, serial } }) => {
      const details = found(pool.get(id), id).details(serial);
      if (details === undefined) throw unknownMeter(id, serial);
      return wire.meterOf(details);
    },
  );
  app.post<{ Params: IdParams & { readonly serial: string }; Body: { readonly setup?: string } }>(
    '/emulators/:id/meters/:serial/push',
    {
      schema: {
        ...common,
        operationId: 'pushNow',
        summary: 'Makes a meter push at once what a push setup of it says',
        params: wire.meterParams,
        body: wire.pushRequest,
        response: { 202: { description: 'It is on its way; the figures tell what arrives.', type: 'null' }, ...errors },
      },
    },
    async ({ params: { id, serial }, body: { setup } }, reply) => {
      pushNow(found(pool.get(id), id), serial, setup);
      return reply.code(202).send();
    },
  );
  app.post<{ Params: IdParams & { readonly serial: string }; Body: { readonly object?: string } }>(
    '/emulators/:id/meters/:serial/press',
    {
      schema: {
        ...common,
        operationId: 'pressButton',
        summary: 'Presses the button of a breaker: off if it is on, else on',
        params: wire.meterParams,
        body: wire.pressRequest,
        response: { 200: { description: 'What it is now.', ...wire.pressed }, ...errors },
      },
    },
    async ({ params: { id, serial }, body: { object } }) =>
      wire.pressedOf(found(pool.get(id), id).press(serial, object)),
  );
  app.put<{
    Params: IdParams & { readonly name: string };
    Body: { readonly on: boolean | null; readonly serial?: string };
  }>(
    '/emulators/:id/behaviours/:name',
    {
      schema: {
        ...common,
        operationId: 'switchBehaviour',
        summary: 'Switches a quirk or fault of one meter or of all',
        params: wire.behaviourParams,
        body: wire.behaviourRequest,
        response: { 200: { description: 'It is in force from the next request on.', ...wire.switched }, ...errors },
      },
    },
    async ({ params: { id, name }, body: { on, serial } }) => {
      const meters = found(pool.get(id), id).setBehaviour(name, on ?? undefined, serial);
      if (meters === 0) throw unknownMeter(id, serial ?? '');
      return { meters };
    },
  );
}

function unknownMeter(id: string, serial: string): EmulatorError {
  return new EmulatorError(
    'unknown-name',
    `${id} has no meter with the serial ${serial}`,
    'GET /emulators/ID/endpoints lists them.',
  );
}

function found<T>(value: T | undefined, id: string): T {
  if (value === undefined) throw unknownEmulator(id);
  return value;
}

function unknownEmulator(id: string): EmulatorError {
  return new EmulatorError('unknown-name', `there is no emulator ${id}`, 'GET /emulators lists those that run.');
}
