import { type ControlFile, readControlFiles } from './control-file.ts';

/** A failure that is explained: what was found, and what to do. */
export class ControlError extends Error {
  override readonly name = 'ControlError';
  readonly code: string;
  readonly next: string;

  constructor(code: string, message: string, next: string) {
    super(message);
    this.code = code;
    this.next = next;
  }
}

/** How to choose the process to talk to. */
export interface ControlChoice {
  /** `http://127.0.0.1:8431`; only needed if several run. */
  readonly control?: string;
}

/** Talks to a process that runs emulators. */
export class ControlClient {
  readonly url: string;
  readonly #token: string;

  constructor({ url, token }: Pick<ControlFile, 'url' | 'token'>) {
    this.url = url;
    this.#token = token;
  }

  /** The answer as JSON; undefined for one without content. @throws ControlError */
  async ask(method: 'GET' | 'POST' | 'PATCH' | 'PUT' | 'DELETE', path: string, body?: object): Promise<unknown> {
    let response: Response;
    try {
      response = await fetch(new URL(path, this.url), {
        method,
        headers: {
          authorization: `Bearer ${this.#token}`,
          ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      });
    } catch {
      throw new ControlError('unreachable', `${this.url} does not answer`, 'Start dlms emulate with --control.');
    }
    const text = await response.text();
    const answer: unknown = text === '' ? undefined : jsonOf(text);
    if (response.ok) return answer;
    const { type, title, detail } = problemOf(answer);
    throw new ControlError(
      type ?? `http-${response.status}`,
      title ?? `${this.url} answered ${response.status}`,
      detail,
    );
  }
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function problemOf(answer: unknown): { type?: string; title?: string; detail: string } {
  const { type, title, detail } = (typeof answer === 'object' ? (answer ?? {}) : {}) as Record<string, unknown>;
  return {
    ...(typeof type === 'string' ? { type } : {}),
    ...(typeof title === 'string' ? { title } : {}),
    detail: typeof detail === 'string' ? detail : 'See /docs of that address.',
  };
}

/**
 * The process to talk to: the only one of this user, the one at an address, or one whose token is in the environment
 * (`DLMS_CONTROL_TOKEN`). @throws ControlError
 */
export function controlClient({ control }: ControlChoice): ControlClient {
  const files = readControlFiles();
  const token = process.env.DLMS_CONTROL_TOKEN;
  if (control === undefined) {
    const [only, second] = files;
    if (only !== undefined && second === undefined) return new ControlClient(only);
    throw only === undefined
      ? new ControlError(
          'nothing-runs',
          'no emulator that can be controlled runs',
          'Start dlms emulate with --control.',
        )
      : new ControlError(
          'several-run',
          `${files.length} processes can be controlled: ${files.map(({ url }) => url).join(', ')}`,
          'Choose one with --control URL.',
        );
  }
  const url = control.includes('://') ? control : `http://${control}`;
  if (!/^http:\/\/(?:127\.\d{1,3}\.\d{1,3}\.\d{1,3}|localhost|\[::1\]):\d{1,5}\/?$/.test(url)) {
    throw new ControlError(
      'bad-control',
      `found "${control}", expected HOST:PORT of this machine`,
      'Give for example 127.0.0.1:8431.',
    );
  }
  const known = files.find((file) => new URL(file.url).host === new URL(url).host);
  if (known !== undefined) return new ControlClient(known);
  if (token !== undefined) return new ControlClient({ url, token });
  throw new ControlError(
    'no-token',
    `no token for ${url} was found`,
    'Run the command as the user who started it, or put the token into DLMS_CONTROL_TOKEN.',
  );
}
