import type { FastifyError, FastifyInstance } from 'fastify';
import { EmulatorError, type EmulatorErrorCode } from '../emulator/errors.ts';
import { StoreError } from '../store/errors.ts';

/** Schema of an RFC 9457 problem, for the error answers of every route. */
export const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status'],
  properties: {
    type: { type: 'string', description: 'Stable code of the error' },
    title: { type: 'string' },
    status: { type: 'integer' },
    detail: { type: 'string', description: 'What can be done about it' },
  },
} as const;

export const problemMediaType = 'application/problem+json; charset=utf-8';

/** Every error leaves as problem+json; what went wrong inside the server is not told to the caller. */
export function problemJson(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) =>
    reply
      .code(404)
      .type(problemMediaType)
      .send({
        type: 'not-found',
        title: `There is no ${request.method} ${request.url}.`,
        status: 404,
        detail: 'See /docs.',
      }),
  );
  app.setErrorHandler((error: FastifyError | StoreError | EmulatorError, request, reply) => {
    if (error instanceof StoreError) {
      return reply
        .code(503)
        .type(problemMediaType)
        .send({ type: `store-${error.code}`, title: 'The store does not answer.', status: 503, detail: error.next });
    }
    if (error instanceof EmulatorError) {
      const status = statusOf[error.code];
      return reply
        .code(status)
        .type(problemMediaType)
        .send({ type: error.code, title: error.message, status, detail: error.next });
    }
    if (error.validation !== undefined) {
      return reply
        .code(400)
        .type(problemMediaType)
        .send({ type: 'invalid-request', title: error.message, status: 400, detail: 'See /docs for the parameters.' });
    }
    const status = error.statusCode ?? 500;
    request.log.error(error);
    return reply
      .code(status)
      .type(problemMediaType)
      .send({ type: error.code ?? 'internal', title: status < 500 ? error.message : 'Internal error.', status });
  });
}

/** What a refusal of an emulator is in HTTP. */
const statusOf: Readonly<Record<EmulatorErrorCode, number>> = {
  'port-in-use': 409,
  'not-permitted': 403,
  'serial-port': 409,
  'bad-listen': 400,
  'bad-count': 400,
  'bad-time': 400,
  'too-few-descriptors': 409,
  'secret-missing': 409,
  'no-transport': 422,
  'template-invalid': 422,
  'state-unusable': 409,
  'unknown-name': 404,
  'meter-refuses': 409,
};
