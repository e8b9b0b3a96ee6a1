import type { FastifyInstance } from 'fastify';
import type { ApiContext } from '../context.ts';

const count = { type: 'integer', minimum: 0 } as const;
const schema = {
  operationId: 'getSummary',
  summary: 'What is known: meters by vendor and model, scans, emulated meters',
  tags: ['service'],
  response: {
    200: {
      description: 'Counts over everything stored.',
      type: 'object',
      properties: {
        meters: count,
        identified: {
          type: 'array',
          items: {
            type: 'object',
            properties: { vendor: { type: 'string' }, model: { type: 'string' }, count },
          },
        },
        scans: {
          type: 'array',
          description: 'The ten newest.',
          items: {
            type: 'object',
            properties: {
              id: { type: 'string' },
              state: { type: 'string' },
              started_at: { type: 'string', format: 'date-time' },
              found: count,
            },
          },
        },
        emulated_meters: count,
      },
    },
  },
} as const;

export function summaryRoute(app: FastifyInstance, context: ApiContext): void {
  app.get('/summary', { schema }, async () => {
    const [meters, identified, scans] = await Promise.all([
      context.store.countMeters(),
      context.store.vendorCounts(),
      context.store.scans({ offset: 0, limit: 10 }),
    ]);
    return {
      meters,
      identified,
      scans: scans.map(({ id, state, started_at, found }) => ({
        id,
        state,
        started_at: new Date(started_at).toISOString(),
        found,
      })),
      emulated_meters: context.emulators().reduce((sum, instance) => sum + instance.count, 0),
    };
  });
}
