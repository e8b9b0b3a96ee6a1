import type { GeneralBlockTransfer } from '../codec/xdlms/types.ts';
import { GeneralBlockExchange, type GeneralBlockStep } from '../link/general-block-exchange.ts';
import { SessionError } from './errors.ts';
import { MAX_TRANSFER_OCTETS } from './octet-collector.ts';
import type { Procedure } from './procedure.ts';

/** Blocks this client takes before it wants to acknowledge, unless its parameters say otherwise. */
export const DEFAULT_WINDOW = 1;

/** Sends blocks (none = only wait) and gives the next block the meter sends. */
export type ExchangeBlocks = (send: readonly GeneralBlockTransfer[]) => Procedure<GeneralBlockTransfer>;

/** An exchange of the client's side. `nothingToSend` when the request went out in one piece. */
export function clientExchange(maxApdu: number, window: number, nothingToSend: boolean): GeneralBlockExchange {
  return new GeneralBlockExchange({ maxApdu, window, maxReceived: MAX_TRANSFER_OCTETS, nothingToSend });
}

/** Runs an exchange from a step on until the meter's APDU is whole; returns its octets. Throws SessionError `limit`. */
export function* finishExchange(
  exchange: GeneralBlockExchange,
  first: GeneralBlockStep,
  swap: ExchangeBlocks,
): Procedure<Uint8Array> {
  let step = first;
  for (;;) {
    if (step.failed === 'too-long')
      throw new SessionError('limit', `general block transfer is longer than ${MAX_TRANSFER_OCTETS} octets`, {
        next: 'select a shorter range',
      });
    if (step.failed === 'no-progress')
      throw new SessionError(
        'limit',
        'general block transfer goes round in circles, block after block without progress',
        {
          cause: 'the meter does not follow the numbers of blocks and acknowledgements',
          next: 'associate without general block transfer',
        },
      );
    if (step.apdu !== undefined) return step.apdu;
    step = exchange.receive(yield* swap(step.send));
  }
}
