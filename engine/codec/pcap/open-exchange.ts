import type { Apdu } from '../apdu.ts';
import type { Data } from '../axdr/data.ts';
import { decodeData } from '../axdr/decode-data.ts';
import { concatOctets } from '../octets.ts';
import { blockContent } from './block-content.ts';
import type { DialogueMessage, ExchangeItem } from './dialogue-types.ts';
import { MAX_JOINED_OCTETS } from './dialogue-types.ts';
import { accessItems, actionItems, getItems, readItems, setItems, writeItems } from './exchange-items.ts';

/** What an APDU did to an exchange. */
export type ExchangeStep =
  | { readonly done: false }
  | { readonly done: true; readonly items: readonly ExchangeItem[]; readonly failure?: string };

const WAITING: ExchangeStep = { done: false };
const TOO_LONG = `blocks of more than ${MAX_JOINED_OCTETS} octets`;

/** A request that waits for its response, with the blocks of both. */
export class OpenExchange {
  readonly request: Apdu;
  readonly messages: number[] = [];
  /** Blocks of request and response so far. */
  blocks = 0;
  readonly #sent: Uint8Array[] = [];
  readonly #received: Uint8Array[] = [];
  #length = 0;

  constructor(message: DialogueMessage, request: Apdu) {
    this.request = request;
    this.messages.push(message.index);
    this.#addRequestBlock(request);
  }

  get invokeId(): number | undefined {
    return 'invoke' in this.request ? this.request.invoke.id : undefined;
  }

  /** A further request that belongs to this one: the next block of it, or the question for the next block. */
  continue(message: DialogueMessage, request: Apdu): void {
    this.messages.push(message.index);
    this.#addRequestBlock(request);
  }

  #addRequestBlock(request: Apdu): void {
    const raw = requestBlockOf(request);
    if (raw !== undefined) this.#add(this.#sent, raw);
  }

  #add(parts: Uint8Array[], raw: Uint8Array): void {
    this.blocks++;
    this.#length += raw.length;
    if (this.#length <= MAX_JOINED_OCTETS) parts.push(raw);
  }

  /** An APDU of the other side. */
  answer(message: DialogueMessage, response: Apdu): ExchangeStep {
    this.messages.push(message.index);
    if (this.#length > MAX_JOINED_OCTETS) return { done: true, items: [], failure: TOO_LONG };
    switch (response.kind) {
      case 'exception-response':
        return this.#failed(`exception-response ${response.stateError}/${response.serviceError}`);
      case 'confirmed-service-error':
        return this.#failed(`confirmed-service-error ${response.service} ${response.error}/${response.value}`);
      case 'aare':
        if (response.result === 'accepted') return { done: true, items: [] };
        return this.#failed(`${response.result} ${response.diagnostic.value}`);
      case 'get-response':
        return this.#get(response);
      case 'set-response':
        return this.#set(response);
      case 'action-response':
        return this.#action(response);
      case 'read-response':
        return this.#read(response);
      case 'write-response':
        return this.#write(response);
      case 'access-response':
        return { done: true, items: accessItems(this.request, response) };
      default:
        return { done: true, items: [] };
    }
  }

  #failed(failure: string): ExchangeStep {
    return { done: true, items: this.itemsAsked(), failure };
  }

  /** What was asked for, without answers. */
  itemsAsked(): readonly ExchangeItem[] {
    const { request } = this;
    switch (request.kind) {
      case 'get-request':
        return getItems(request, []);
      case 'set-request':
        return setItems(request, this.#valuesSent(), []);
      case 'action-request':
        return actionItems(request, this.#valuesSent(), []);
      case 'read-request':
        return readItems(request, []);
      case 'write-request':
        return writeItems(request, []);
      default:
        return [];
    }
  }

  #get(response: Extract<Apdu, { kind: 'get-response' }>): ExchangeStep {
    const { request } = this;
    if (request.kind !== 'get-request') return { done: true, items: [] };
    if (response.type === 'normal') return { done: true, items: getItems(request, [response]) };
    if (response.type === 'with-list') return { done: true, items: getItems(request, response.list) };
    if (!('raw' in response)) return { done: true, items: getItems(request, [{ result: response.result }]) };
    this.#add(this.#received, response.raw);
    if (!response.last) return WAITING;
    const whole = blockContent('get-response', this.#received, request.invoke.raw, request.type === 'with-list');
    if (whole?.kind !== 'get-response') return this.#failed('the blocks put together are no result of a GET');
    return this.#get(whole);
  }

  #set(response: Extract<Apdu, { kind: 'set-response' }>): ExchangeStep {
    const { request } = this;
    if (request.kind !== 'set-request') return { done: true, items: [] };
    if (response.type === 'datablock') return WAITING;
    const results = 'results' in response ? response.results : [response.result];
    return { done: true, items: setItems(request, this.#valuesSent(), results) };
  }

  #action(response: Extract<Apdu, { kind: 'action-response' }>): ExchangeStep {
    const { request } = this;
    if (request.kind !== 'action-request') return { done: true, items: [] };
    if (response.type === 'next-pblock') return WAITING;
    if (response.type === 'normal') return { done: true, items: actionItems(request, this.#valuesSent(), [response]) };
    if (response.type === 'with-list') {
      return { done: true, items: actionItems(request, this.#valuesSent(), response.list) };
    }
    this.#add(this.#received, response.raw);
    if (!response.last) return WAITING;
    const whole = blockContent('action-response', this.#received, request.invoke.raw, 'list' in request);
    if (whole?.kind !== 'action-response') return this.#failed('the blocks put together are no result of an ACTION');
    return this.#action(whole);
  }

  #read(response: Extract<Apdu, { kind: 'read-response' }>): ExchangeStep {
    const request = this.#requestRead();
    const [first] = response.list;
    if (request === undefined) return { done: true, items: [] };
    if (first !== undefined && 'block-number' in first) return WAITING;
    if (first === undefined || !('data-block-result' in first)) {
      return { done: true, items: readItems(request, response.list) };
    }
    const block = first['data-block-result'];
    this.#add(this.#received, block.raw);
    if (!block.last) return WAITING;
    const whole = blockContent('read-response', this.#received, 0, false);
    if (whole?.kind !== 'read-response') return this.#failed('the blocks put together are no result of a Read');
    return { done: true, items: readItems(request, whole.list) };
  }

  /** The ReadRequest as a whole, when it came in blocks. */
  #requestRead(): Extract<Apdu, { kind: 'read-request' }> | undefined {
    const { request } = this;
    if (request.kind !== 'read-request' || this.#sent.length === 0) {
      return request.kind === 'read-request' ? request : undefined;
    }
    const whole = blockContent('read-request', this.#sent, 0, false);
    return whole?.kind === 'read-request' ? whole : request;
  }

  #write(response: Extract<Apdu, { kind: 'write-response' }>): ExchangeStep {
    const { request } = this;
    if (request.kind !== 'write-request') return { done: true, items: [] };
    if (response.list.some((result) => typeof result !== 'string')) return WAITING;
    const whole = this.#sent.length === 0 ? request : blockContent('write-request', this.#sent, 0, false);
    const results = response.list.filter((result) => typeof result === 'string');
    return { done: true, items: writeItems(whole?.kind === 'write-request' ? whole : request, results) };
  }

  /** Values of a SET or parameters of an ACTION that came in blocks: one Data, or a list of them. */
  #valuesSent(): readonly Data[] {
    if (this.#sent.length === 0) return [];
    const content = concatOctets(this.#sent);
    if (!('list' in this.request)) return dataOf(content);
    // A list is its count and the Data, which is what an array has behind its tag.
    const [list] = dataOf(concatOctets([Uint8Array.of(1), content]));
    return list?.t === 'array' ? list.v : [];
  }
}

function dataOf(octets: Uint8Array): readonly Data[] {
  const decoded = decodeData(octets, { allowTrailing: true });
  return decoded.ok ? [decoded.value] : [];
}

/** The raw data of a request that is a block of one. */
function requestBlockOf(request: Apdu): Uint8Array | undefined {
  if ((request.kind === 'set-request' || request.kind === 'action-request') && 'raw' in request) return request.raw;
  if (request.kind === 'read-request') {
    const [access] = request.list;
    return access !== undefined && 'read-data-block-access' in access
      ? access['read-data-block-access'].raw
      : undefined;
  }
  if (request.kind !== 'write-request') return undefined;
  const [access] = request.list;
  const [value] = request.values;
  const isBlock = access !== undefined && 'write-data-block-access' in access;
  return isBlock && value?.t === 'octet-string' ? value.v : undefined;
}
