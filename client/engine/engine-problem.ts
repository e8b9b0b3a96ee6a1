import { ResponseError } from 'vscode-jsonrpc';
import { type EngineErrorData, engineErrors } from '../../engine/rpc/protocol.ts';

export type EngineErrorCode = keyof typeof engineErrors;
export type TemplateFinding = NonNullable<EngineErrorData['findings']>[number];

/** A failure of the engine as the extension shows it: `code` decides about buttons, `message` and `next` are for people. */
export interface EngineProblem {
  readonly code: EngineErrorCode | 'other';
  readonly message: string;
  readonly next?: string;
  readonly findings: readonly TemplateFinding[];
  /** Names of missing secrets. */
  readonly names: readonly string[];
}

/** Reads any thrown value; never throws itself. */
export function engineProblem(error: unknown): EngineProblem {
  const message = error instanceof Error ? error.message : String(error);
  if (!(error instanceof ResponseError)) return { code: 'other', message, findings: [], names: [] };
  const data: unknown = error.data;
  const next = property(data, 'next');
  return {
    code: codeOf(error.code),
    message,
    ...(typeof next === 'string' ? { next } : {}),
    findings: items(data, 'findings').filter(isFinding),
    names: items(data, 'names').filter((name) => typeof name === 'string'),
  };
}

function codeOf(number: number): EngineProblem['code'] {
  for (const code of Object.keys(engineErrors)) if (isCode(code) && engineErrors[code] === number) return code;
  return 'other';
}

function isCode(code: string): code is EngineErrorCode {
  return Object.hasOwn(engineErrors, code);
}

function property(value: unknown, name: string): unknown {
  return typeof value === 'object' && value !== null ? Reflect.get(value, name) : undefined;
}

function items(value: unknown, name: string): readonly unknown[] {
  const found = property(value, name);
  return Array.isArray(found) ? found : [];
}

function isFinding(value: unknown): value is TemplateFinding {
  return (
    typeof property(value, 'path') === 'string' &&
    typeof property(value, 'line') === 'number' &&
    typeof property(value, 'column') === 'number' &&
    typeof property(value, 'message') === 'string'
  );
}
