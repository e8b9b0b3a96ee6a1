import { MbusDeframer, type MbusDeframerEvent } from '../codec/mbus/deframer.ts';
import { isLastSegment, type MbusFrame, segmentNumber } from '../codec/mbus/frame.ts';
import { concatOctets } from '../codec/octets.ts';
import { describeCodecError } from '../codec/result.ts';
import { linkError } from './errors.ts';
import { PushAssembly } from './push-assembly.ts';
import { MAX_SENDERS, type PushDecoder, type PushEvent, SEGMENT_TIMEOUT } from './push-types.ts';

interface Telegram {
  readonly frames: MbusFrame[];
  readonly deviations: Set<string>;
}

/**
 * Pushes in M-Bus long frames, an APDU in one or several of them (EN 13757-3, segments by the CI field). A single frame
 * without FIN that nothing follows is an APDU of its own, as some meters send it (`mbus-fin-missing`).
 */
export class MbusPushDecoder implements PushDecoder {
  readonly #deframer = new MbusDeframer();
  readonly #assembly = new PushAssembly();
  readonly #telegrams = new Map<string, Telegram>();
  #deadline: number | undefined;

  nextDeadline(): number | undefined {
    return this.#deadline;
  }

  receive(octets: Uint8Array, now: number): PushEvent[] {
    const events = this.#handle(this.#deframer.push(octets));
    const waiting = this.#deframer.pendingOctets > 0 || this.#telegrams.size > 0;
    this.#deadline = waiting ? now + SEGMENT_TIMEOUT : undefined;
    return events;
  }

  tick(now: number): PushEvent[] {
    if (this.#deadline === undefined || now < this.#deadline) return [];
    this.#deadline = undefined;
    const events = this.#handle(this.#deframer.flush());
    for (const [sender, telegram] of this.#telegrams) events.push(...this.#giveUp(sender, telegram));
    return events;
  }

  #handle(deframed: readonly MbusDeframerEvent[]): PushEvent[] {
    return deframed.flatMap((event): PushEvent[] => {
      if (event.type === 'frame') return this.#frame(event.frame, event.deviations);
      const size = `${event.octets.length} octets dropped`;
      if (event.type === 'noise') return [linkError('noise', `${size}, they are no M-Bus long frame`)];
      return [linkError('broken-frame', `${size}, ${describeCodecError(event.error)}`, event.error)];
    });
  }

  #frame(frame: MbusFrame, deviations: readonly { readonly id: string }[]): PushEvent[] {
    const sender = `${frame.a} ${frame.stsap} ${frame.dtsap}`;
    const events: PushEvent[] = [];
    const begun = this.#telegrams.get(sender);
    const number = segmentNumber(frame);
    // Segment 0 begins anew, whatever was waited for.
    if (begun !== undefined && number === 0) events.push(...this.#giveUp(sender, begun));
    const telegram = this.#telegrams.get(sender) ?? { frames: [], deviations: new Set() };
    if (number !== telegram.frames.length) {
      this.#telegrams.delete(sender);
      return [...events, linkError('out-of-sequence', `M-Bus segment ${number} instead of ${telegram.frames.length}`)];
    }
    telegram.frames.push(frame);
    for (const { id } of deviations) telegram.deviations.add(id);
    if (isLastSegment(frame)) return [...events, ...this.#complete(sender, telegram)];
    const [oldest] = this.#telegrams.keys();
    if (oldest !== undefined && this.#telegrams.size >= MAX_SENDERS) this.#telegrams.delete(oldest);
    this.#telegrams.set(sender, telegram);
    return events;
  }

  #giveUp(sender: string, telegram: Telegram): PushEvent[] {
    if (telegram.frames.length === 1) {
      telegram.deviations.add('mbus-fin-missing');
      return this.#complete(sender, telegram);
    }
    this.#telegrams.delete(sender);
    return [linkError('broken-frame', `M-Bus telegram of ${telegram.frames.length} segments without its last`)];
  }

  #complete(sender: string, { frames, deviations }: Telegram): PushEvent[] {
    this.#telegrams.delete(sender);
    const [first] = frames;
    if (first === undefined) return [];
    const peer = { client: first.dtsap, server: first.stsap };
    const payload = concatOctets(frames.map(({ data }) => data));
    return this.#assembly.add(payload, sender, { framing: 'mbus', peer, deviations: [...deviations] });
  }
}
