import { PassThrough } from 'node:stream';
import {
  createMessageConnection,
  type MessageConnection,
  StreamMessageReader,
  StreamMessageWriter,
} from 'vscode-jsonrpc/node';
import { Engine } from '../../../engine/rpc/engine.ts';

/** An engine and a client joined by two pipes, as the extension and its engine process are. */
export function rpcPair(): { client: MessageConnection; engine: Engine } {
  const up = new PassThrough();
  const down = new PassThrough();
  const server = createMessageConnection(new StreamMessageReader(up), new StreamMessageWriter(down));
  const client = createMessageConnection(new StreamMessageReader(down), new StreamMessageWriter(up));
  const engine = new Engine(server);
  server.listen();
  client.listen();
  return { client, engine };
}
