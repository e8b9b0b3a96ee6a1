import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { problemMediaType } from './problem.ts';

/** A token nobody can guess, for whoever may change emulators. */
export function newToken(): string {
  return randomBytes(24).toString('base64url');
}

const HOSTS = /^(?:localhost|127\.\d{1,3}\.\d{1,3}\.\d{1,3}|\[::1\])(?::\d+)?$/;

/**
 * Lets requests pass that carry the token, as `Authorization: Bearer TOKEN`. Loopback alone does not keep others out:
 * every user of this machine reaches it, and so does a web page in a browser, whose requests come under a foreign name.
 */
export function tokenRequired(token: string) {
  const expected = digest(token);
  return async (request: FastifyRequest, reply: FastifyReply): Promise<unknown> => {
    if (!HOSTS.test(request.headers.host ?? '')) return refuse(reply, 403, 'foreign-host', 'Use http://127.0.0.1.');
    const given = /^Bearer (\S+)$/i.exec(request.headers.authorization ?? '')?.[1];
    if (given !== undefined && timingSafeEqual(digest(given), expected)) return undefined;
    reply.header('www-authenticate', 'Bearer');
    return refuse(reply, 401, 'token-required', 'Send the token the server wrote to its control file.');
  };
}

function refuse(reply: FastifyReply, status: 401 | 403, type: string, detail: string): FastifyReply {
  const title = status === 401 ? 'A token is needed for this.' : 'The request came under a name that is not ours.';
  return reply.code(status).type(problemMediaType).send({ type, title, status, detail });
}

/** Digests are of one length, whatever is sent. */
function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
