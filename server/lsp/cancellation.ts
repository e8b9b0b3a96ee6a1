import {
  type CancellationToken,
  LSPErrorCodes,
  Message,
  ResponseError,
  type ResponseMessage,
} from 'vscode-languageserver/node';

/** A request that is cancelled before it was looked at is answered without any work. */
export function cancelUndispatched(message: Message): ResponseMessage | undefined {
  if (!Message.isRequest(message)) return undefined;
  return {
    jsonrpc: '2.0',
    id: message.id,
    error: { code: LSPErrorCodes.RequestCancelled, message: `${message.method} was cancelled before it began` },
  };
}

/** The answer to a request that was cancelled. */
export function cancelled<Data = void>(): ResponseError<Data> {
  return new ResponseError(LSPErrorCodes.RequestCancelled, 'cancelled by the client');
}

/**
 * Lets messages that have already arrived be handled first: the next keystroke, or the cancellation of this request.
 * True if the request need not be answered any more.
 */
export async function isOvertaken(token: CancellationToken): Promise<boolean> {
  if (!token.isCancellationRequested) await new Promise((resolve) => setImmediate(resolve));
  return token.isCancellationRequested;
}
