import { type FromPage, fromPage, type PageState, pageState, type ToPage, toPage } from './messages.ts';
import { fits } from './shape.ts';

/** The extension behind this page. The API object can be taken only once, hence one module. */
const api = acquireVsCodeApi();

/** Sends a message that fits the contract; one that does not is a fault of the page and is reported as such. */
export function send(message: FromPage): void {
  const problem = fromPage.problem(message, 'message');
  api.postMessage(problem === undefined ? message : { type: 'failed', message: `refused to send: ${problem}` });
}

/** Calls `handle` with every message of the extension that fits the contract, and says `ready` once it listens. */
export function listen(handle: (message: ToPage) => void): void {
  window.addEventListener('message', (event: MessageEvent<unknown>) => {
    if (event.origin !== window.origin) return;
    const { data } = event;
    if (fits(toPage, data)) handle(data);
    else send({ type: 'failed', message: `refused a message: ${toPage.problem(data, 'message') ?? ''}` });
  });
  window.addEventListener('error', (event) => send({ type: 'failed', message: event.message }));
  window.addEventListener('unhandledrejection', (event) => send({ type: 'failed', message: String(event.reason) }));
  send({ type: 'ready' });
}

/** What the page remembered before the window was reloaded, when it still fits. */
export function recall(): PageState | undefined {
  const state: unknown = api.getState();
  return fits(pageState, state) ? state : undefined;
}

export function remember(state: PageState): void {
  api.setState(state);
}
