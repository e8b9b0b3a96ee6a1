import { WrapperDeframer } from '../codec/wrapper/deframer.ts';
import type { WrapperMessage } from '../codec/wrapper/wrapper.ts';
import { lostStream } from './errors.ts';
import { PushAssembly } from './push-assembly.ts';
import type { PushDecoder, PushEvent } from './push-types.ts';

/** Pushes in wrapper messages over a stream. After something that is no wrapper, `lost` is true. */
export class WrapperPushDecoder implements PushDecoder {
  readonly #deframer = new WrapperDeframer();
  readonly #assembly = new PushAssembly();

  get lost(): boolean {
    return this.#deframer.lost;
  }

  nextDeadline(): undefined {
    return undefined;
  }

  tick(): PushEvent[] {
    return [];
  }

  receive(octets: Uint8Array): PushEvent[] {
    return this.#deframer.push(octets).flatMap((event): PushEvent[] => {
      if (event.type === 'message') return this.message(event.message);
      return [{ type: 'error', error: lostStream(event.error) }];
    });
  }

  /** A whole message, as a datagram brings it. */
  message({ source, destination, apdu }: WrapperMessage): PushEvent[] {
    const peer = { client: destination, server: source };
    return this.#assembly.add(apdu, `${source} ${destination}`, { framing: 'wrapper', peer, deviations: [] });
  }
}
