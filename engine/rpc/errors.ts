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
