import type { Apdu } from '../apdu.ts';
import {
  type DialogueExchange,
  type DialogueMessage,
  type ExchangeItem,
  MAX_OPEN_EXCHANGES,
} from './dialogue-types.ts';
import { OpenExchange } from './open-exchange.ts';

const REQUESTS: ReadonlySet<Apdu['kind']> = new Set([
  'aarq',
  'rlrq',
  'get-request',
  'set-request',
  'action-request',
  'read-request',
  'write-request',
  'access-request',
]);

/** What answers which request. */
const ANSWERS: Readonly<Partial<Record<Apdu['kind'], Apdu['kind']>>> = {
  aare: 'aarq',
  rlre: 'rlrq',
  'get-response': 'get-request',
  'set-response': 'set-request',
  'action-response': 'action-request',
  'read-response': 'read-request',
  'write-response': 'write-request',
  'access-response': 'access-request',
};

/**
 * Pairs the requests and responses of two application processes, with all blocks of each. Works on any part of a
 * dialogue: responses without their request, and requests without response, are exchanges as well.
 */
export class ExchangePairing {
  #open: OpenExchange[] = [];

  /** Exchanges that this message ends. */
  add(message: DialogueMessage): DialogueExchange[] {
    const { apdu } = message;
    if (apdu === undefined) return [];
    if (REQUESTS.has(apdu.kind)) return this.#request(message, apdu);
    const request = this.#answered(apdu);
    if (request !== undefined) return this.#answer(message, apdu, request);
    const items = unaskedItems(apdu);
    const isError = apdu.kind === 'exception-response' || apdu.kind === 'confirmed-service-error';
    if (items.length === 0 && !isError) return [];
    return [exchange(message, apdu.kind, [message.index], 0, items)];
  }

  /** Exchanges that nobody will answer any more. */
  finish(message: DialogueMessage | undefined): DialogueExchange[] {
    const open = this.#open;
    this.#open = [];
    return message === undefined ? [] : open.map((request) => unanswered(message, request));
  }

  #request(message: DialogueMessage, apdu: Apdu): DialogueExchange[] {
    const before = this.#open.findLast((open) => open.request.kind === apdu.kind && sameInvoke(open, apdu));
    if (isContinuation(apdu) && before !== undefined) {
      before.continue(message, apdu);
      return [];
    }
    // The invoke id is used again, so the request before it will not be answered.
    const given = before === undefined ? undefined : this.#close(before);
    this.#open.push(new OpenExchange(message, apdu));
    const oldest = this.#open.length > MAX_OPEN_EXCHANGES ? this.#close(this.#open[0]!) : undefined;
    return [given, oldest].filter((open) => open !== undefined).map((open) => unanswered(message, open));
  }

  #close(open: OpenExchange): OpenExchange {
    this.#open = this.#open.filter((other) => other !== open);
    return open;
  }

  /** The request an APDU answers: the one with its invoke id, else the last of its kind, as some meters do not echo it. */
  #answered(apdu: Apdu): OpenExchange | undefined {
    if (apdu.kind === 'exception-response' || apdu.kind === 'confirmed-service-error') return this.#open.at(-1);
    const kind = ANSWERS[apdu.kind];
    const candidates = this.#open.filter((open) => open.request.kind === kind);
    return candidates.find((open) => sameInvoke(open, apdu)) ?? candidates.at(-1);
  }

  #answer(message: DialogueMessage, apdu: Apdu, request: OpenExchange): DialogueExchange[] {
    const step = request.answer(message, apdu);
    if (!step.done) return [];
    this.#close(request);
    const { items, failure } = step;
    const done = exchange(message, request.request.kind, request.messages, request.blocks, items);
    return [failure === undefined ? done : { ...done, failure }];
  }
}

function sameInvoke(open: OpenExchange, apdu: Apdu): boolean {
  return open.invokeId === ('invoke' in apdu ? apdu.invoke.id : undefined);
}

/** True for a request that goes on with one before: a further block, or the question for one. */
function isContinuation(apdu: Apdu): boolean {
  switch (apdu.kind) {
    case 'get-request':
      return apdu.type === 'next';
    case 'set-request':
      return apdu.type === 'with-datablock';
    case 'action-request':
      return apdu.type === 'with-pblock' || apdu.type === 'next-pblock';
    case 'read-request': {
      const [access] = apdu.list;
      if (access === undefined || apdu.list.length > 1) return false;
      return (
        'block-number-access' in access ||
        ('read-data-block-access' in access && access['read-data-block-access'].block > 1)
      );
    }
    case 'write-request': {
      const [access] = apdu.list;
      return access !== undefined && 'write-data-block-access' in access && access['write-data-block-access'].block > 1;
    }
    default:
      return false;
  }
}

/** Values that came without a request, or whose request is not in the capture. */
function unaskedItems(apdu: Apdu): readonly ExchangeItem[] {
  switch (apdu.kind) {
    case 'data-notification':
      return [{ op: 'notify', data: apdu.data }];
    case 'event-notification':
      return [{ op: 'notify', object: apdu.attr, data: apdu.data }];
    case 'information-report':
      return apdu.values.map((data, i) => {
        const variable = apdu.list[i];
        return variable === undefined ? { op: 'notify', data } : { op: 'notify', variable, data };
      });
    case 'unconfirmed-write-request':
      return apdu.list.map((variable, i) => {
        const sent = apdu.values[i];
        return sent === undefined ? { op: 'write', variable } : { op: 'write', variable, sent };
      });
    case 'get-response':
      if (apdu.type === 'with-datablock') return [];
      return (apdu.type === 'with-list' ? apdu.list : [apdu]).map((result) => {
        return 'data' in result ? { op: 'get', data: result.data } : { op: 'get', result: result.result };
      });
    default:
      return [];
  }
}

function unanswered(message: DialogueMessage, open: OpenExchange): DialogueExchange {
  const { request, messages, blocks } = open;
  return { ...exchange(message, request.kind, messages, blocks, open.itemsAsked()), failure: 'no answer' };
}

function exchange(
  { time, packet, peers }: DialogueMessage,
  service: Apdu['kind'],
  messages: readonly number[],
  blocks: number,
  items: readonly ExchangeItem[],
): DialogueExchange {
  return { type: 'exchange', time, packet, peers, service, messages, blocks, items };
}
