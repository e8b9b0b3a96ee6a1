import type { FastifyInstance } from 'fastify';
import type { MeterTableRow } from '../../store/schema.ts';
import type { ApiContext } from '../context.ts';
import { type PageQuery, pageQuery } from '../page.ts';
import { problemSchema } from '../problem.ts';

const text = { type: ['string', 'null'] } as const;
const meter = {
  type: 'object',
  properties: {
    id: { type: 'string' },
    scan_id: { type: 'string' },
    host: { type: 'string' },
    port: { type: 'integer' },
    outcome: { type: 'string' },
    reason: { type: 'string' },
    found_at: { type: 'string', format: 'date-time' },
    vendor: text,
    model: text,
    confidence: { type: ['number', 'null'], minimum: 0, maximum: 1 },
    framing: text,
    referencing: text,
    authentication: { type: 'string', description: 'Mechanism per client SAP, e.g. `none@16 lls@2`' },
    suite: { type: ['integer', 'null'] },
    logical_device_name: text,
    serial: text,
    firmware: text,
    system_title: text,
    object_count: { type: 'integer' },
  },
} as const;

const fingerprint = {
  type: 'object',
  properties: {
    meter_id: { type: 'string' },
    fingerprint: { type: 'string' },
    vendor: text,
    model: text,
    confidence: { type: ['number', 'null'] },
  },
} as const;

interface MeterQuery extends PageQuery {
  readonly scan_id?: string;
}

export function metersRoutes(app: FastifyInstance, { store }: ApiContext): void {
  app.get<{ Querystring: MeterQuery }>(
    '/meters',
    {
      schema: {
        operationId: 'listMeters',
        summary: 'What scans found, one row per target that answered',
        tags: ['discovery'],
        querystring: { ...pageQuery, properties: { ...pageQuery.properties, scan_id: { type: 'string' } } },
        response: {
          200: {
            description: 'A page of meters.',
            type: 'object',
            properties: { total: { type: 'integer' }, rows: { type: 'array', items: meter } },
          },
          400: problemSchema,
        },
      },
    },
    async ({ query: { scan_id, ...page } }) => {
      const filter = scan_id === undefined ? {} : { scanId: scan_id };
      const [total, rows] = await Promise.all([store.countMeters(filter), store.meters(page, filter)]);
      return { total, rows: rows.map(meterJson) };
    },
  );
  app.get<{ Params: { id: string } }>(
    '/meters/:id',
    {
      schema: {
        operationId: 'getMeter',
        summary: 'One finding with its facts, objects and evidence; the id is URL-encoded',
        tags: ['discovery'],
        params: { type: 'object', required: ['id'], properties: { id: { type: 'string' } } },
        response: {
          200: { description: 'The finding.', type: 'object', additionalProperties: true },
          404: problemSchema,
        },
      },
    },
    async ({ params: { id } }, reply) => {
      const found = await store.meter(id);
      if (found !== undefined) return found;
      return reply
        .code(404)
        .type('application/problem+json; charset=utf-8')
        .send({
          type: 'meter-unknown',
          title: `There is no meter ${id} in the store.`,
          status: 404,
          detail: 'GET /meters lists the ids.',
        });
    },
  );
  app.get<{ Querystring: PageQuery }>(
    '/fingerprints',
    {
      schema: {
        operationId: 'listFingerprints',
        summary: 'Fingerprints of the meters found',
        tags: ['discovery'],
        querystring: pageQuery,
        response: {
          200: { description: 'A page of fingerprints.', type: 'array', items: fingerprint },
          400: problemSchema,
        },
      },
    },
    ({ query }) => store.fingerprints(query),
  );
}

function meterJson({ finding: _document, found_at, ...row }: MeterTableRow) {
  return { ...row, found_at: new Date(found_at).toISOString() };
}
