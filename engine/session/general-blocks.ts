import type { Apdu } from '../codec/apdu.ts';
import type { GeneralBlockTransfer } from '../codec/xdlms/types.ts';
import { SessionError } from './errors.ts';
import { MAX_TRANSFER_BLOCKS, OctetCollector } from './octet-collector.ts';
import type { Procedure } from './procedure.ts';

/** Largest window this client offers in its acknowledgements (GB 9.4.6.13): one block at a time. */
const OWN_WINDOW = 1;

/**
 * Receives an APDU that arrives in general blocks, beginning with `first`; returns its octets. Acknowledges whenever
 * the meter pauses (streaming clear). A gap is answered with the number before it, so that the meter goes back.
 * `exchange` sends an acknowledgement (null = only wait) and returns the next APDU.
 */
export function* collectGeneralBlocks(
  first: GeneralBlockTransfer,
  exchange: (acknowledge: GeneralBlockTransfer | null) => Procedure<Apdu>,
): Procedure<Uint8Array> {
  const collector = new OctetCollector();
  let acknowledged = first.block - 1;
  let sent = 0;
  let block = first;
  for (let count = 0; count < MAX_TRANSFER_BLOCKS; count++) {
    if (block.block === acknowledged + 1) {
      collector.add(block.raw);
      acknowledged = block.block;
      if (block.last) return collector.take();
    }
    const next = yield* exchange(block.streaming ? null : acknowledgement(++sent, acknowledged));
    if (next.kind !== 'general-block-transfer')
      throw new SessionError('block-sequence', `general block ${acknowledged + 1} expected, found ${next.kind}`);
    block = next;
  }
  throw new SessionError('limit', `general block transfer went beyond ${MAX_TRANSFER_BLOCKS} blocks`);
}

function acknowledgement(block: number, blockAck: number): GeneralBlockTransfer {
  return {
    kind: 'general-block-transfer',
    last: true,
    streaming: false,
    window: OWN_WINDOW,
    block,
    blockAck,
    raw: new Uint8Array(),
  };
}
