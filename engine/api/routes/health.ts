import type { FastifyInstance } from 'fastify';
import { StoreError } from '../../store/errors.ts';
import type { ApiContext } from '../context.ts';

const schema = {
  operationId: 'getHealth',
  summary: 'Whether this server and its store answer',
  tags: ['service'],
  response: {
    200: {
      description: 'The server works.',
      type: 'object',
      properties: {
        status: { type: 'string', enum: ['ok', 'degraded'] },
        store: { type: 'string', enum: ['ok', 'failed'] },
        version: { type: 'string' },
        node: { type: 'string' },
        uptime_seconds: { type: 'number' },
        time: { type: 'string', format: 'date-time' },
      },
    },
  },
} as const;

export function healthRoute(app: FastifyInstance, context: ApiContext): void {
  const startedAt = context.now();
  app.get('/health', { schema }, async () => {
    const store = await storeState(context);
    const now = context.now();
    return {
      status: store === 'ok' ? 'ok' : 'degraded',
      store,
      version: context.version,
      node: process.versions.node,
      uptime_seconds: (now - startedAt) / 1000,
      time: new Date(now).toISOString(),
    };
  });
}

async function storeState({ store }: ApiContext): Promise<'ok' | 'failed'> {
  try {
    await store.countMeters();
    return 'ok';
  } catch (error) {
    if (error instanceof StoreError) return 'failed';
    throw error;
  }
}
