import { readDataList } from '../axdr/decode-data.ts';
import { writeDataList } from '../axdr/encode-data.ts';
import { Enumeration } from '../enumeration.ts';
import type { Reader } from '../reader.ts';
import type { Writer } from '../writer.ts';
import { readAccessSpecifications, writeAccessSpecifications } from './access-specification.ts';
import { XDLMS_CLAUSE } from './clause.ts';
import { readDateTimeOctets, writeDateTimeOctets } from './date-time-octets.ts';
import { readLongInvoke } from './long-invoke.ts';
import { ACTION_RESULTS, DATA_ACCESS_RESULTS } from './results.ts';
import type { AccessOutcome, AccessResponse } from './types.ts';

const CHOICES = new Enumeration('access-response-specification', { 1: 'get', 2: 'set', 3: 'action' });

/** Access-Response (tag DAh). `spec` is the request's list, if the server echoes it. */
export function readAccessResponse(r: Reader): AccessResponse {
  r.begin('access-response', XDLMS_CLAUSE);
  r.tag('tag', 'access-response');
  const longInvokeId = readLongInvoke(r);
  const dateTime = readDateTimeOctets(r);
  const spec = r.present('access-request-specification') ? readAccessSpecifications(r) : null;
  const data = readDataList(r, 'access-response-list-of-data');
  const results = readOutcomes(r);
  r.close();
  return { kind: 'access-response', longInvokeId, dateTime, spec, data, results };
}

function readOutcomes(r: Reader): AccessOutcome[] {
  r.begin('access-response-specification');
  const count = r.count('count');
  const list: AccessOutcome[] = [];
  for (let i = 0; i < count; i++) {
    r.begin(`[${i}]`);
    list.push(readOutcome(r));
    r.close();
  }
  r.close();
  return list;
}

function readOutcome(r: Reader): AccessOutcome {
  switch (r.choice(CHOICES, 'operation')) {
    case 'get':
      return { get: r.enumerated(DATA_ACCESS_RESULTS, 'result') };
    case 'set':
      return { set: r.enumerated(DATA_ACCESS_RESULTS, 'result') };
    case 'action':
      return { action: r.enumerated(ACTION_RESULTS, 'result') };
  }
}

export function writeAccessResponse(w: Writer, apdu: AccessResponse): void {
  w.octet(0xda);
  w.u32(apdu.longInvokeId, 'longInvokeId');
  writeDateTimeOctets(w, apdu.dateTime);
  if (apdu.spec === null || apdu.spec === undefined) w.octet(0);
  else {
    w.octet(1);
    writeAccessSpecifications(w, apdu.spec);
  }
  writeDataList(w, apdu.data, 'data');
  w.count(apdu.results, 'results');
  w.enter('results');
  for (let i = 0; i < apdu.results.length; i++) {
    w.enter(i);
    writeOutcome(w, apdu.results[i]!);
    w.leave();
  }
  w.leave();
}

function writeOutcome(w: Writer, outcome: AccessOutcome): void {
  if ('get' in outcome) {
    w.octet(1);
    w.enumerated(DATA_ACCESS_RESULTS, outcome.get, 'get');
  } else if ('set' in outcome) {
    w.octet(2);
    w.enumerated(DATA_ACCESS_RESULTS, outcome.set, 'set');
  } else {
    w.octet(3);
    w.enumerated(ACTION_RESULTS, outcome.action, 'action');
  }
}
