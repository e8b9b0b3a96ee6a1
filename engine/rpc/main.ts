import { createMessageConnection, StreamMessageReader, StreamMessageWriter } from 'vscode-jsonrpc/node';
import { Engine } from './engine.ts';

// Standard output belongs to the protocol; what is printed by mistake must not break it.
console.log = console.error;
console.info = console.error;

const connection = createMessageConnection(
  new StreamMessageReader(process.stdin),
  new StreamMessageWriter(process.stdout),
);
const engine = new Engine(connection);

/** The parent has gone, or asks to end: nothing may outlive it. */
function end(): void {
  engine.close().then(
    () => process.exit(0),
    (error: unknown) => {
      console.error(error);
      process.exit(1);
    },
  );
}
connection.onClose(end);
process.on('SIGTERM', end);
process.on('SIGINT', end);
connection.listen();
