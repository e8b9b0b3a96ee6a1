const TIMESTAMP =
  /^\s*[[(]?(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}[T ])?\d{1,2}:\d{2}:\d{2}(?:[.,]\d{1,9})?(?:Z|[+-]\d{2}:?\d{2})?[\])]?(?=[\s:>|[-]|$)[\s:>|-]*/;
const DIRECTION =
  /^\s*[[(]?(?:(TX|SEND|SENT|SENDING|WRITE|WRITTEN|OUT|REQ|REQUEST|CLIENT|-+>|=+>|>{1,3})|(RX|RECV|RECEIVE|RECEIVED|RECEIVING|READ|IN|RES|RESP|RESPONSE|SERVER|METER|<-+|<=+|<{1,3}))(?=[\s:>\]()[]|$)[\])]?\s*[:>]?\s*/i;
/** Level and source as loggers of embedded devices print them: `[D]`, `(V)`, `[uart_debug:109]:`. */
const TAG = /^\s*(?:\[([^\][\s]{1,40})\]|\(([A-Z]{1,2})\))[\s:]*/;
/** Octets in brackets are no tag. */
const OCTETS = /^(?:(?:0x)?[0-9a-f]{2}[,;:_.-]*)+$/i;
/** Labels of serial port monitors and translators. */
const LABEL = /^\s*(?:Length:?\s*\d+[,.:]?\s*)?(?:Data|Frame|PDU|APDU|Payload)\s*[:=]\s*/i;
/** What a line of octets begins with. */
const OCTETS_FIRST = /^\s*(?:[#/"'({[]|\\x|0x|(?:[0-9a-f]{2})+(?![0-9a-z]))/i;
/** A word that is no hex; letters amiss in octets are no words. */
const WORD = /(?<![0-9a-z])(?=[a-z]{3})[a-z]*[g-z]/i;

export interface LogPrefix {
  /** Characters before the octets. */
  readonly length: number;
  readonly direction?: 'TX' | 'RX';
  /** The rest of the line is no octets but what the program had to say. */
  readonly words?: true;
}

/** Timestamps, tags, labels and direction words before the octets of a log line. `7E:A0:07` and `12:34:56` are octets. */
export function logPrefix(line: string): LogPrefix {
  let length = 0;
  let direction: 'TX' | 'RX' | undefined;
  for (;;) {
    const rest = line.slice(length);
    const word = direction === undefined ? DIRECTION.exec(rest) : null;
    if (word) direction = word[1] === undefined ? 'RX' : 'TX';
    const found = word ?? TIMESTAMP.exec(rest) ?? tagOf(rest) ?? LABEL.exec(rest);
    if (!found || found[0].length === 0) break;
    // A line of nothing but a time is three octets.
    if (!word && found[0].length === rest.length && length === 0) break;
    length += found[0].length;
  }
  if (direction !== undefined) return { length, direction };
  const rest = line.slice(length);
  return length > 0 && WORD.test(rest) && !OCTETS_FIRST.test(rest) ? { length, words: true } : { length };
}

function tagOf(text: string): RegExpExecArray | null {
  const tag = TAG.exec(text);
  return tag !== null && !OCTETS.test(tag[1] ?? tag[2] ?? '') ? tag : null;
}
