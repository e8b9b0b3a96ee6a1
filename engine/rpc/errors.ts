import { ResponseError } from 'vscode-jsonrpc';
import { type EngineErrorData, engineErrors } from './protocol.ts';

/** A failure the client can explain: a stable code, what happened, and what to do next. */
export function engineError(
  code: keyof typeof engineErrors,
  message: string,
  more: Omit<EngineErrorData, 'code'> = {},
): ResponseError<EngineErrorData> {
  return new ResponseError(engineErrors[code], message, { code, ...more });
}

/** Throws `notFound` for a trace that is gone: with an earlier run of the engine, or since too many came after it. */
export function traceGone(traceId: string): never {
  throw engineError('notFound', `Trace ${traceId} is not kept any more.`, { next: 'Decode, read or listen again.' });
}
