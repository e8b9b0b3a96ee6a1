import { decodeApdu } from '../../codec/apdu-codec.ts';
import { HdlcDeframer } from '../../codec/hdlc/deframer.ts';
import { WrapperDeframer } from '../../codec/wrapper/deframer.ts';
import { apdusOf } from '../../link/lpdus.ts';

/** The number of a long-invoke-id, without its option bits. */
const NUMBER = 0xffffff;

/** Finds the data-notification-confirm of one push in what its receiver sends back. Everything else is passed over. */
export class ConfirmationReader {
  readonly #number: number;
  readonly #apdus: (octets: Uint8Array) => readonly Uint8Array[];

  constructor(framing: 'wrapper' | 'hdlc', longInvokeId: number) {
    this.#number = longInvokeId & NUMBER;
    this.#apdus = framing === 'wrapper' ? wrapperApdus() : hdlcApdus();
  }

  /** True once the confirmation has come. */
  receive(octets: Uint8Array): boolean {
    return this.#apdus(octets).some((apdu) => {
      const decoded = decodeApdu(apdu);
      return (
        decoded.ok &&
        decoded.value.kind === 'data-notification-confirm' &&
        (decoded.value.longInvokeId & NUMBER) === this.#number
      );
    });
  }
}

function wrapperApdus(): (octets: Uint8Array) => readonly Uint8Array[] {
  const deframer = new WrapperDeframer();
  return (octets) => deframer.push(octets).flatMap((event) => (event.type === 'message' ? [event.message.apdu] : []));
}

function hdlcApdus(): (octets: Uint8Array) => readonly Uint8Array[] {
  const deframer = new HdlcDeframer();
  return (octets) =>
    deframer.push(octets).flatMap((event) => (event.type === 'frame' ? apdusOf(event.frame.information) : []));
}
