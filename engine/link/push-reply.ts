import { encodeApdu } from '../codec/apdu-codec.ts';
import { encodeHdlcFrame } from '../codec/hdlc/frame.ts';
import { fromHex } from '../codec/hex.ts';
import { encodeLpdu } from '../codec/llc/llc.ts';
import { encodeWrapper } from '../codec/wrapper/wrapper.ts';
import type { PushedApdu } from './push-types.ts';

/**
 * Octets that bring an APDU back to who pushed: in the framing of the push, between the same addresses, through the same
 * gateway. HDLC takes a UI frame, which needs no connection. Undefined over M-Bus, whose slaves only talk.
 */
export function framePushReply(pushed: PushedApdu, apdu: Uint8Array): Uint8Array | undefined {
  const { framing, peer, addresses, gateway } = pushed;
  const whole =
    gateway === undefined
      ? apdu
      : encodeApdu({
          kind: 'gateway-request',
          networkId: gateway.networkId,
          address: fromHex(gateway.address),
          apdu,
        });
  switch (framing) {
    case 'wrapper':
      return peer && encodeWrapper({ source: peer.client, destination: peer.server, apdu: whole });
    case 'hdlc':
      return (
        addresses &&
        encodeHdlcFrame({
          kind: 'UI',
          destination: addresses.source,
          source: addresses.destination,
          pollFinal: false,
          segmented: false,
          information: encodeLpdu('command', whole),
        })
      );
    case 'llc':
      return encodeLpdu('command', whole);
    case 'none':
      return whole;
    case 'mbus':
      return undefined;
  }
}
