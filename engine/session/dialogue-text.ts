import type { DialogueDirection, DialogueEvent, DialogueMessage } from '../codec/pcap/dialogue-types.ts';
import { describeCodecError } from '../codec/result.ts';
import { summarizeApdu } from './apdu-summary.ts';
import type { DialogueObjects } from './dialogue-objects.ts';

const ARROWS: Readonly<Record<DialogueDirection, string>> = { tx: '->', rx: '<-' };

/** An event of a dialogue as lines: time, what it is, and for an exchange one line for each item with its value. */
export function dialogueLines(event: DialogueEvent, objects: DialogueObjects): string[] {
  const time = timeOfDay(event.time);
  switch (event.type) {
    case 'note':
      // Receive ready is on every other line of an HDLC dialogue and says nothing.
      return event.text.startsWith('RR ') ? [] : [`${time} ${ARROWS[event.direction]} ${event.text}`];
    case 'message':
      return [`${time} ${ARROWS[event.direction]} ${messageText(event)}`];
    case 'exchange': {
      const { service, items, failure, blocks } = event;
      const notes = [failure, blocks > 0 ? `${blocks} blocks` : undefined].filter((note) => note !== undefined);
      const head = notes.length > 0 ? ` (${notes.join(', ')})` : '';
      if (items.length === 0) return [`${time}    ${service}${head}`];
      return items.map((item) => {
        objects.learn(item);
        const { object, name, text } = objects.describe(item);
        const about = [object, name === '' ? '' : `(${name})`].filter((part) => part !== '').join(' ');
        return `${time}    ${item.op} ${about}${about === '' ? '' : ' = '}${text}${head}`;
      });
    }
  }
}

/** An APDU in one line: SAPs, what it is, what it was put together from, why it could not be read. */
export function messageText({ peers, revealed, apdu, blocks, octets, error, deviations }: DialogueMessage): string {
  const outer = revealed?.apdu;
  const what = apdu !== undefined ? summarizeApdu(apdu) : (outer?.kind ?? `${octets.length} octets`);
  const protection = outer !== undefined && apdu !== undefined && outer.kind !== apdu.kind ? ` in ${outer.kind}` : '';
  const joined = blocks === undefined ? '' : ` from ${blocks} blocks`;
  const named = deviations.length === 0 ? '' : ` [${deviations.map(({ id }) => id).join(', ')}]`;
  const why = error === undefined ? '' : `: ${describeCodecError(error)}`;
  return `${peers.near}/${peers.far} ${what}${protection}${joined}${named}${why}`;
}

/** `09:59:43.123` in UTC; captures of one day are the rule. */
function timeOfDay(time: number): string {
  return new Date(time).toISOString().slice(11, 23);
}
