import type { FastifyInstance } from 'fastify';
import type { ApiContext } from '../context.ts';
import { type PageQuery, pageQuery } from '../page.ts';
import { problemSchema } from '../problem.ts';

const scan = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    state: { type: 'string', enum: ['running', 'finished', 'cancelled', 'interrupted'] },
    started_at: { type: 'string', format: 'date-time' },
    finished_at: { type: ['string', 'null'], format: 'date-time' },
    target_count: { type: 'integer' },
    found: { type: 'integer' },
  },
} as const;

const logLine = {
  type: 'object',
  properties: {
    scan_id: { type: 'string' },
    time: { type: 'string', format: 'date-time' },
    host: { type: ['string', 'null'] },
    port: { type: ['integer', 'null'] },
    outcome: { type: 'string' },
    message: { type: 'string' },
  },
} as const;

export function scansRoutes(app: FastifyInstance, { store }: ApiContext): void {
  app.get<{ Querystring: PageQuery }>(
    '/scans',
    {
      schema: {
        operationId: 'listScans',
        summary: 'Scans, newest first',
        tags: ['discovery'],
        querystring: pageQuery,
        response: { 200: { description: 'A page of scans.', type: 'array', items: scan }, 400: problemSchema },
      },
    },
    async ({ query }) =>
      (await store.scans(query)).map((row) => ({
        ...row,
        started_at: new Date(row.started_at).toISOString(),
        finished_at: row.finished_at === null ? null : new Date(row.finished_at).toISOString(),
      })),
  );
  app.get<{ Querystring: PageQuery }>(
    '/discovery/logs',
    {
      schema: {
        operationId: 'listDiscoveryLogs',
        summary: 'One line per target that ended, newest first, with its outcome and reason',
        tags: ['discovery'],
        querystring: pageQuery,
        response: { 200: { description: 'A page of lines.', type: 'array', items: logLine }, 400: problemSchema },
      },
    },
    async ({ query }) =>
      (await store.discoveryLogs(query)).map((row) => ({ ...row, time: new Date(row.time).toISOString() })),
  );
}
