import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import Fastify, { type FastifyInstance } from 'fastify';
import type { ApiContext, ControlContext } from './context.ts';
import { problemJson } from './problem.ts';
import { emulatorsRoutes } from './routes/emulators.ts';
import { healthRoute } from './routes/health.ts';
import { metersRoutes } from './routes/meters.ts';
import { scansRoutes } from './routes/scans.ts';
import { summaryRoute } from './routes/summary.ts';

/**
 * The REST API as a Fastify instance that does not listen yet (tests inject requests).
 * OpenAPI at `/docs/json`, its page at `/docs`. Errors are `application/problem+json` (RFC 9457).
 */
export async function createApi(context: ApiContext): Promise<FastifyInstance> {
  const app = await describedApi(
    context.version,
    'Meters found by scans, their evidence, and the emulated meters of this process.',
  );
  healthRoute(app, context);
  summaryRoute(app, context);
  scansRoutes(app, context);
  metersRoutes(app, context);
  if (context.control !== undefined) emulatorsRoutes(app, context.control);
  return app;
}

/** The part of the API that controls emulators, for processes without a store. */
export async function createControlApi({ version, control }: ControlContext): Promise<FastifyInstance> {
  const app = await describedApi(version, 'The emulated meters of this process.');
  emulatorsRoutes(app, control);
  return app;
}

async function describedApi(version: string, description: string): Promise<FastifyInstance> {
  // A query that carries what the schema does not know is a mistake worth telling, not something to drop.
  const app = Fastify({ ajv: { customOptions: { removeAdditional: false } } });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: { title: 'DLMS Workbench', description, version, license: { name: 'MIT', identifier: 'MIT' } },
      components: { securitySchemes: { token: { type: 'http', scheme: 'bearer' } } },
      tags: [
        { name: 'service', description: 'State of this server' },
        { name: 'discovery', description: 'Scans and what they found' },
        { name: 'emulators', description: 'Emulated meters of this process' },
      ],
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs' });
  problemJson(app);
  app.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/docs'));
  return app;
}
