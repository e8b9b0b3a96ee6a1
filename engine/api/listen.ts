import type { FastifyInstance } from 'fastify';
import type { ApiContext, ControlContext } from './context.ts';
import { createApi, createControlApi } from './server.ts';

/** A server that answers. */
export interface RunningApi {
  /** `http://127.0.0.1:8430`, with the port the system chose when 0 was asked for. */
  readonly url: string;
  close(): Promise<void>;
}

/** Why the API does not listen; `next` says what to do. */
export class ApiListenError extends Error {
  override readonly name = 'ApiListenError';
  readonly code: 'port-in-use' | 'not-permitted' | 'not-loopback';
  readonly next: string;

  constructor(code: ApiListenError['code'], message: string, next: string) {
    super(message);
    this.code = code;
    this.next = next;
  }
}

/** Starts the API on a loopback address. Throws ApiListenError. */
export function listenApi(context: ApiContext, host: string, port: number): Promise<RunningApi> {
  return listen(() => createApi(context), host, port);
}

/** Starts the part of the API that controls emulators on a loopback address. Throws ApiListenError. */
export function listenControlApi(context: ControlContext, host: string, port: number): Promise<RunningApi> {
  return listen(() => createControlApi(context), host, port);
}

async function listen(create: () => Promise<FastifyInstance>, host: string, port: number): Promise<RunningApi> {
  if (!isLoopback(host)) {
    throw new ApiListenError(
      'not-loopback',
      `${host} can be reached from other machines, and this version has no logins.`,
      'Use 127.0.0.1, with a reverse proxy that asks for a login in front of it if others need access.',
    );
  }
  const app = await create();
  try {
    return { url: await app.listen({ host, port }), close: () => app.close() };
  } catch (error) {
    await app.close();
    throw listenError(error, host, port);
  }
}

function listenError(error: unknown, host: string, port: number): unknown {
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'EADDRINUSE') {
    return new ApiListenError(
      'port-in-use',
      `Port ${port} on ${host} is in use by another program.`,
      'Give another with --port.',
    );
  }
  if (code === 'EACCES') {
    return new ApiListenError(
      'not-permitted',
      `The system does not allow listening on ${host}:${port}.`,
      'Ports below 1024 need privileges: give another with --port.',
    );
  }
  return error;
}

function isLoopback(host: string): boolean {
  return host === 'localhost' || host === '::1' || /^127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(host);
}
