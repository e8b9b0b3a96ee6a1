import { Enumeration } from '../enumeration.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { XDLMS_CLAUSE } from './clause.ts';
import { readDataBlock, writeDataBlock } from './data-block.ts';
import { readInvoke, writeInvoke } from './invoke.ts';
import { ACTION_RESULTS, readGetDataResult, writeGetDataResult } from './results.ts';
import type { ActionOutcome, ActionResponse } from './types.ts';

const TYPES = new Enumeration('action-response type', {
  1: 'normal',
  2: 'with-pblock',
  3: 'with-list',
  4: 'next-pblock',
});

/** Action-Response (tag C7h). */
export function readActionResponse(r: Reader): ActionResponse {
  r.begin('action-response', XDLMS_CLAUSE);
  r.tag('tag', 'action-response');
  const type = r.choice(TYPES, 'type');
  const invoke = readInvoke(r);
  const apdu = readBody(r, type, { kind: 'action-response', invoke });
  r.close(type);
  return apdu;
}

function readBody(
  r: Reader,
  type: ActionResponse['type'],
  head: Pick<ActionResponse, 'kind' | 'invoke'>,
): ActionResponse {
  switch (type) {
    case 'normal':
      return { ...head, type, ...readSingleOutcome(r) };
    case 'with-pblock':
      return { ...head, type, ...readDataBlock(r, 'pblock') };
    case 'with-list': {
      r.begin('list-of-responses');
      const count = r.count('count');
      const list: ActionOutcome[] = [];
      for (let i = 0; i < count; i++) list.push(readOutcome(r, `[${i}]`));
      r.close();
      return { ...head, type, list };
    }
    case 'next-pblock':
      return { ...head, type, block: r.u32('block-number') };
  }
}

/** Several meters end the APDU behind the result, without the octet that says there are no return parameters. */
function readSingleOutcome(r: Reader): ActionOutcome {
  if (r.remaining !== 1) return readOutcome(r, 'single-response');
  const result = r.enumerated(ACTION_RESULTS, 'action-result');
  r.deviate('return-parameters-absent', 'ACTION.response ends behind its result', 'truncated');
  return { result };
}

/** Action-Response-With-Optional-Data: the result, and what the method returns if it returns something. */
function readOutcome(r: Reader, name: string): ActionOutcome {
  r.begin(name);
  const result = r.enumerated(ACTION_RESULTS, 'action-result');
  const outcome = r.present('return-parameters')
    ? { result, return: readGetDataResult(r, 'return-parameters') }
    : { result };
  r.close();
  return outcome;
}

export function writeActionResponse(w: Writer, apdu: ActionResponse): void {
  w.octet(0xc7);
  w.enumerated(TYPES, apdu.type, 'type');
  writeInvoke(w, apdu.invoke);
  switch (apdu.type) {
    case 'normal':
      writeOutcome(w, apdu);
      break;
    case 'with-pblock':
      writeDataBlock(w, apdu);
      break;
    case 'with-list':
      w.count(apdu.list, 'list');
      w.enter('list');
      for (let i = 0; i < apdu.list.length; i++) {
        w.enter(i);
        writeOutcome(w, apdu.list[i]!);
        w.leave();
      }
      w.leave();
      break;
    case 'next-pblock':
      w.u32(apdu.block, 'block');
      break;
  }
}

function writeOutcome(w: Writer, outcome: ActionOutcome): void {
  w.enumerated(ACTION_RESULTS, outcome.result, 'result');
  if (outcome.return === undefined) {
    w.octet(0);
    return;
  }
  w.octet(1);
  w.enter('return');
  writeGetDataResult(w, outcome.return);
  w.leave();
}
