import { toHex } from '../../engine/codec/hex.ts';
import { GuardedAssociation } from './guarded.ts';
import type { LoadOrder, LoadResult } from './messages.ts';
import { AARQ, ExpectedAnswers, getApdu, getRequests, RLRQ } from './requests.ts';
import { Tally } from './tally.ts';
import { WireClient } from './wire-client.ts';

/** The clients, in a process of their own: one order after the other. */

const PORT = 4059;
const HEADER = 8;
const AARE_TAG = 0x61;
const RLRE_TAG = 0x63;
const GET_RESPONSE = 0xc4;
/** Nobody waits longer for an answer, milliseconds. */
const PATIENCE = 30_000;

/** Open associations without protection, by meter. */
const clients: WireClient[] = [];

function connected(meter: number): Promise<WireClient | undefined> {
  return new Promise((resolve) => {
    const client = new WireClient(meter, PORT, () => resolve(client));
    client.heard = () => resolve(undefined);
  });
}

function ask(client: WireClient, message: Uint8Array): Promise<Uint8Array | undefined> {
  return new Promise((resolve) => {
    const timer = setTimeout(() => resolve(undefined), PATIENCE);
    client.heard = (answer) => {
      clearTimeout(timer);
      resolve(answer);
    };
    client.send(message);
  });
}

/** Runs `work` for 0..count-1, so many at a time. */
async function inParallel(count: number, width: number, work: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      next += 1;
      await work(next - 1);
    }
  };
  await Promise.all(Array.from({ length: Math.min(width, count) }, lane));
}

async function open({ count, inFlight }: LoadOrder): Promise<LoadResult> {
  const tally = new Tally(count);
  await inParallel(count, inFlight, async (meter) => {
    const started = performance.now();
    const client = await connected(meter);
    if (client === undefined) return tally.loses(`meter ${meter} takes no connection`);
    const aare = await ask(client, AARQ);
    if (aare?.[HEADER] !== AARE_TAG) return tally.loses(`meter ${meter} gave no AARE`);
    clients.push(client);
    tally.answered(performance.now() - started);
  });
  return tally.result();
}

/** Requests one after the other on every connection, `inFlight` connections busy at any time. */
function requests(
  order: LoadOrder,
  judge: (client: WireClient, register: number, answer: Uint8Array) => string,
): Promise<LoadResult> {
  const { count, inFlight, objects } = order;
  const messages = getRequests(objects);
  const tally = new Tally(count);
  return new Promise((resolve) => {
    let sent = 0;
    let settled = 0;
    let turn = 0;
    const timer = setInterval(() => {
      if (performance.now() - progress > PATIENCE) finish('answers stay away');
    }, 1000);
    let progress = performance.now();
    const finish = (why?: string): void => {
      clearInterval(timer);
      for (const client of clients) client.heard = () => {};
      for (let missing = settled; missing < count; missing += 1) tally.loses(why ?? 'no answer');
      resolve(tally.result());
    };
    const settle = (): void => {
      settled += 1;
      progress = performance.now();
      if (sent < count) kick();
      else if (settled === count) finish();
    };
    const kick = (): void => {
      const client = clients[turn % clients.length];
      const register = (turn * 7) % messages.length;
      turn += 1;
      sent += 1;
      const message = messages[register];
      if (client === undefined || message === undefined) throw new Error('open connections first');
      client.heard = (answer) => {
        if (answer === undefined) tally.loses(`meter ${client.meter} ended the connection`);
        else {
          tally.answered(performance.now() - client.sentAt);
          const problem = judge(client, register, answer);
          if (problem !== '') tally.isWrong(problem);
        }
        settle();
      };
      client.send(message);
    };
    for (let i = 0; i < Math.min(inFlight, count, clients.length); i += 1) kick();
  });
}

function isGetResponse(_: WireClient, __: number, answer: Uint8Array): string {
  return answer[HEADER] === GET_RESPONSE && answer[HEADER + 3] === 0 ? '' : `not a value: ${toHex(answer)}`;
}

function checked(order: LoadOrder): Promise<LoadResult> {
  const expected = new ExpectedAnswers(order.meters, order.objects, order.frozenAt ?? Date.now());
  return requests(order, (client, register, answer) => {
    const found = toHex(answer.subarray(HEADER));
    const right = expected.of(client.meter, register);
    return found === right ? '' : `meter ${client.meter}, register ${register}: found ${found}, expected ${right}`;
  });
}

/** Ciphered associations with a meter each, then requests over all of them. */
async function guarded(
  { count, inFlight, objects }: LoadOrder,
  report: (phase: 'opened') => Promise<void>,
): Promise<LoadResult> {
  const open: { client: WireClient; association: GuardedAssociation }[] = [];
  const connections = Math.min(1000, count);
  await inParallel(connections, 32, async (meter) => {
    const client = await connected(meter);
    if (client === undefined) return;
    const association = new GuardedAssociation();
    const aare = await ask(client, association.aarq());
    const reply = aare && association.reply(aare.subarray(HEADER));
    const pass4 = reply && (await ask(client, reply));
    if (pass4 !== undefined && association.open(pass4.subarray(HEADER)) !== undefined)
      open.push({ client, association });
  });
  if (open.length < connections) throw new Error(`${open.length} of ${connections} ciphered associations opened`);
  await report('opened');
  const tally = new Tally(count);
  let turn = 0;
  await inParallel(count, Math.min(inFlight, connections), async (index) => {
    const free = open.pop();
    if (free === undefined) throw new Error('more requests at a time than connections');
    turn = (turn + 7) % (objects - 6);
    const answer = await ask(free.client, free.association.request(getApdu(turn)));
    if (answer === undefined) tally.loses(`request ${index} was not answered`);
    else {
      tally.answered(performance.now() - free.client.sentAt);
      const plain = free.association.open(answer.subarray(HEADER));
      if (plain?.[0] !== GET_RESPONSE) tally.isWrong(`not a value: ${toHex(answer)}`);
    }
    open.unshift(free);
  });
  for (const { client } of open) client.end();
  return tally.result();
}

/** Connect, AARQ, GET, RLRQ, close. */
async function cycles({ count, inFlight, meters, objects }: LoadOrder): Promise<LoadResult> {
  const messages = getRequests(objects);
  const tally = new Tally(count);
  await inParallel(count, inFlight, async (index) => {
    const started = performance.now();
    const client = await connected(index % meters);
    if (client === undefined) return tally.loses('no connection');
    const aare = await ask(client, AARQ);
    const value = await ask(client, messages[index % messages.length] ?? AARQ);
    const rlre = await ask(client, RLRQ);
    client.end();
    if (aare === undefined || value === undefined || rlre === undefined) return tally.loses('no answer');
    tally.answered(performance.now() - started);
    if (aare[HEADER] !== AARE_TAG || value[HEADER] !== GET_RESPONSE || rlre[HEADER] !== RLRE_TAG) {
      tally.isWrong(`${toHex(aare)} ${toHex(value)} ${toHex(rlre)}`);
    }
  });
  return tally.result();
}

function close(): LoadResult {
  for (const client of clients.splice(0)) client.end();
  return new Tally(0).result();
}

function carryOut(order: LoadOrder): Promise<LoadResult> | LoadResult {
  switch (order.phase) {
    case 'open':
      return open(order);
    case 'get':
      return requests(order, isGetResponse);
    case 'checked':
      return checked(order);
    case 'guarded':
      return guarded(order, async () => {
        process.send?.({ type: 'opened' });
        await new Promise((resolve) => process.once('message', resolve));
      });
    case 'cycles':
      return cycles(order);
    case 'close':
      return close();
  }
}

let busy = false;
process.on('message', async (order: LoadOrder) => {
  if (busy) return;
  busy = true;
  const result = await carryOut(order);
  busy = false;
  process.send?.({ type: 'result', result });
});
process.on('disconnect', () => process.exit(0));
