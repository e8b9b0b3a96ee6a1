import swagger from '@fastify/swagger';
import swaggerUi from '@fastify/swagger-ui';
import Fastify, { type FastifyInstance } from 'fastify';
import type { ApiContext } from './context.ts';
import { problemJson } from './problem.ts';
import { healthRoute } from './routes/health.ts';
import { metersRoutes } from './routes/meters.ts';
import { scansRoutes } from './routes/scans.ts';
import { summaryRoute } from './routes/summary.ts';

/**
 * The REST API as a Fastify instance that does not listen yet (tests inject requests).
 * OpenAPI at `/docs/json`, its page at `/docs`. Errors are `application/problem+json` (RFC 9457).
 */
export async function createApi(context: ApiContext): Promise<FastifyInstance> {
  // A query that carries what the schema does not know is a mistake worth telling, not something to drop.
  const app = Fastify({ ajv: { customOptions: { removeAdditional: false } } });
  await app.register(swagger, {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'DLMS Workbench',
        description: 'Meters found by scans, their evidence, and the emulated meters of this process.',
        version: context.version,
        license: { name: 'MIT', identifier: 'MIT' },
      },
      tags: [
        { name: 'service', description: 'State of this server' },
        { name: 'discovery', description: 'Scans and what they found' },
      ],
    },
  });
  await app.register(swaggerUi, { routePrefix: '/docs' });
  problemJson(app);
  healthRoute(app, context);
  summaryRoute(app, context);
  scansRoutes(app, context);
  metersRoutes(app, context);
  app.get('/', { schema: { hide: true } }, (_request, reply) => reply.redirect('/docs'));
  return app;
}
