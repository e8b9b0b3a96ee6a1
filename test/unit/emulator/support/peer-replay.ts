import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { Apdu } from '../../../../engine/codec/apdu.ts';
import { decodeApdu, encodeApdu } from '../../../../engine/codec/apdu-codec.ts';
import type { Data } from '../../../../engine/codec/axdr/data.ts';
import { decodeData } from '../../../../engine/codec/axdr/decode-data.ts';
import { fromHex, toHex } from '../../../../engine/codec/hex.ts';
import { drawPrivateKey, P256 } from '../../../../engine/codec/security/curves.ts';
import { type HlsMechanism, hlsReply } from '../../../../engine/codec/security/hls.ts';
import { protect } from '../../../../engine/codec/security/protect.ts';
import type { ProtectedApdu } from '../../../../engine/codec/security/types.ts';
import { unprotect } from '../../../../engine/codec/security/unprotect.ts';
import { GeneralBlockExchange } from '../../../../engine/link/general-block-exchange.ts';
import type { Procedure } from '../../../../engine/session/procedure.ts';
import { type Dialogue, type Sent, sentApdus, sessionKeys } from '../../codec/peer-sessions-dialogue.ts';

const CLIENT_TITLE = fromHex('4d4d4d0000bc614e');
const SERVER_TITLE = fromHex('4752580000000001');

/** Nobody recorded the keys the peers signed with: client and mirror have others. */
export const CLIENT_SIGNING_KEY = drawPrivateKey(P256, (length) => randomBytes(length));

/** A request of the recording in clear, what the recorded server answered, and what ours did. */
export interface Exchange {
  readonly request: Apdu;
  readonly recorded: Apdu;
  readonly ours: Apdu;
}

/** A request of the recorded client: as it went over the wire, and in clear. */
interface Request {
  readonly octets: Uint8Array;
  readonly plain: Apdu;
}

/**
 * Sends the requests of a recorded client once more, octet for octet with their own protection and invocation counters.
 * Worked out anew is what depends on the server: pass 3 of HLS, and the requests for further blocks.
 */
export class PeerReplay {
  readonly exchanges: Exchange[] = [];
  readonly #dialogue: Dialogue;
  readonly #suite: 0 | 1 | 2;
  #challenge: Uint8Array | undefined;

  constructor(dialogue: Dialogue, suite: 0 | 1 | 2) {
    this.#dialogue = dialogue;
    this.#suite = suite;
  }

  *run(): Procedure<void> {
    const pairs = requestsAndAnswers(this.#dialogue);
    const wire = requestsOnTheWire(this.#dialogue, pairs.length);
    for (const [index, { request, answer }] of pairs.entries()) {
      const octets = this.#isHlsReply(request) ? this.#pass3(request, pairs, wire[index]) : wire[index];
      assert.ok(octets !== undefined, `${this.#dialogue.name}: request ${index} is not on the wire`);
      const ours = yield* this.#ask({ octets, plain: request });
      if (ours.kind === 'aare') this.#challenge = ours.authValue?.octets;
      this.exchanges.push({ request, recorded: answer, ours });
    }
  }

  #isHlsReply(apdu: Apdu): boolean {
    return apdu.kind === 'action-request' && apdu.type === 'normal' && apdu.method.class === 15;
  }

  /** f(StoC) over our challenge, under the protection and the counter the recorded one had. */
  #pass3(request: Apdu, pairs: readonly Pair[], recorded: Uint8Array | undefined): Uint8Array {
    const aarq = pairs[0]?.request;
    const challenge = this.#challenge;
    assert.ok(request.kind === 'action-request' && request.type === 'normal' && aarq?.kind === 'aarq');
    assert.ok(request.params?.t === 'octet-string' && challenge !== undefined);
    const keys = sessionKeys('TX', this.#suite === 2);
    const counter = Buffer.from(request.params.v).readUInt32BE(1);
    const v = hlsReply(aarq.mechanism as HlsMechanism, {
      challenge,
      ownChallenge: aarq.authValue?.octets ?? new Uint8Array(),
      secret: new TextEncoder().encode('Gurux'),
      systemTitle: CLIENT_TITLE,
      peerSystemTitle: SERVER_TITLE,
      guek: keys.guek,
      gak: keys.gak,
      signingKey: CLIENT_SIGNING_KEY,
      suite: this.#suite,
      invocationCounter: counter,
    });
    const plain = encodeApdu({ ...request, params: { t: 'octet-string', v } });
    const dressed = recorded === undefined ? undefined : decodeApdu(recorded);
    if (dressed?.ok !== true || !('security' in dressed.value)) return plain;
    const { authenticated, encrypted, ic } = dressed.value.security;
    const suite = this.#suite;
    return protect(plain, {
      service: dressed.value.kind.startsWith('general') ? 'general-glo' : 'glo',
      suite,
      authenticated,
      encrypted,
      systemTitle: CLIENT_TITLE,
      keys,
      invocationCounter: ic,
    });
  }

  /** Sends a request and puts the answer together, whichever way the server cuts it. */
  *#ask({ octets, plain }: Request): Procedure<Apdu> {
    const awaiting = plain.kind === 'aarq' ? 'aare' : plain.kind === 'rlrq' ? 'rlre' : 'response';
    let answer = this.#plain(yield { send: octets, awaiting });
    if (answer.kind === 'general-block-transfer') answer = yield* this.#generalBlocks(answer);
    if (answer.kind === 'get-response' && answer.type === 'with-datablock') answer = yield* this.#getBlocks(answer);
    return answer;
  }

  *#generalBlocks(first: Apdu): Procedure<Apdu> {
    const exchange = new GeneralBlockExchange({ maxApdu: 0, window: 1, maxReceived: 1 << 20, nothingToSend: true });
    for (let block = first; block.kind === 'general-block-transfer'; ) {
      const step = exchange.receive(block);
      assert.equal(step.failed, undefined);
      if (step.apdu !== undefined) return this.#plain(step.apdu);
      const [send] = step.send;
      block = this.#plain(yield { send: send === undefined ? null : encodeApdu(send), awaiting: 'response' });
    }
    return assert.fail('a transfer in general blocks ended early');
  }

  *#getBlocks(first: Extract<Apdu, { kind: 'get-response' }>): Procedure<Apdu> {
    const raw: number[] = [];
    let answer: Apdu = first;
    for (;;) {
      assert.ok(answer.kind === 'get-response' && answer.type === 'with-datablock' && 'raw' in answer);
      raw.push(...answer.raw);
      if (answer.last) break;
      const { invoke, block } = answer;
      const send = encodeApdu({ kind: 'get-request', type: 'next', invoke, block });
      answer = this.#plain(yield { send, awaiting: 'response' });
    }
    const decoded = decodeData(Uint8Array.from(raw));
    assert.ok(decoded.ok);
    return { kind: 'get-response', type: 'normal', invoke: answer.invoke, data: decoded.value };
  }

  #plain(octets: Uint8Array): Apdu {
    const decoded = decodeApdu(octets);
    assert.ok(decoded.ok, toHex(octets));
    const apdu = decoded.value;
    if (apdu.kind === 'aare' || apdu.kind === 'rlre' || !isProtected(apdu)) return apdu;
    const opened = unprotect(apdu, { ...sessionKeys('RX', this.#suite === 2), systemTitle: SERVER_TITLE });
    assert.ok(opened.ok, `the answer ${toHex(octets)} cannot be deciphered`);
    return this.#plain(opened.plain);
  }
}

function isProtected(apdu: Apdu): apdu is Exclude<ProtectedApdu, { kind: 'general-signing' }> {
  return 'security' in apdu;
}

interface Pair {
  readonly request: Apdu;
  readonly answer: Apdu;
}

/** Requests for further blocks belong to the request before; blocks of its answer are one answer. */
function requestsAndAnswers({ apdus }: Dialogue): Pair[] {
  const pairs: Pair[] = [];
  let request: Apdu | undefined;
  let raw: number[] = [];
  for (const { direction, apdu } of apdus) {
    if (direction === 'TX') {
      if (asksForNextBlock(apdu)) continue;
      request = apdu;
      raw = [];
      continue;
    }
    assert.ok(request !== undefined);
    const block = blockIn(apdu);
    if (block === undefined) {
      pairs.push({ request, answer: apdu });
      continue;
    }
    raw.push(...block.raw);
    if (!block.last) continue;
    // A server of the sessions sends octets behind the last block as well.
    const decoded = decodeData(Uint8Array.from(raw), { allowTrailing: true });
    assert.ok(decoded.ok);
    pairs.push({ request, answer: inOnePiece(apdu, decoded.value) });
  }
  return pairs;
}

function asksForNextBlock(apdu: Apdu): boolean {
  if (apdu.kind === 'read-request') return apdu.list.some((item) => 'block-number-access' in item);
  return apdu.kind === 'general-block-transfer' || (apdu.kind === 'get-request' && apdu.type === 'next');
}

/** The piece of a longer answer that an APDU is. The recorded servers cut the Data itself, with short names too. */
function blockIn(apdu: Apdu): { readonly last: boolean; readonly raw: Uint8Array } | undefined {
  if (apdu.kind === 'get-response' && apdu.type === 'with-datablock' && 'raw' in apdu) return apdu;
  const [result] = apdu.kind === 'read-response' ? apdu.list : [];
  return result !== undefined && 'data-block-result' in result ? result['data-block-result'] : undefined;
}

function inOnePiece(last: Apdu, data: Data): Apdu {
  if (last.kind === 'get-response') return { kind: 'get-response', type: 'normal', invoke: last.invoke, data };
  return { kind: 'read-response', list: [{ data }] };
}

/** APDUs of the client on the wire, without acknowledgements of blocks and requests for further ones. */
function requestsOnTheWire(dialogue: Dialogue, expected: number): Uint8Array[] {
  const requests = sentApdus(dialogue.name)
    .filter((sent) => sent.direction === 'TX' && isRequest(sent))
    .map(({ octets }) => octets);
  assert.equal(requests.length, expected, `${dialogue.name}: requests on the wire`);
  return requests;
}

function isRequest({ octets }: Sent): boolean {
  const decoded = decodeApdu(octets);
  assert.ok(decoded.ok);
  return !asksForNextBlock(decoded.value);
}
