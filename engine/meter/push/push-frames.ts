import { encodeWrapper } from '../../codec/wrapper/wrapper.ts';
import { HdlcServerLink } from '../../link/hdlc-server-link.ts';
import type { LinkPeer } from '../../link/types.ts';
import type { VirtualMeter } from '../meter.ts';
import { physicalAddress } from '../physical-address.ts';
import { behaviourOf } from '../session.ts';
import type { PushSettings } from './push-settings.ts';

/** Who a push is from and for, as the links name them. */
export function pushPeer(meter: VirtualMeter, { client, server }: PushSettings, framing: 'wrapper' | 'hdlc'): LinkPeer {
  return framing === 'wrapper' ? { client, server } : { client, server, physical: physicalAddress(meter) };
}

/**
 * The messages or frames of a push on a connection of its own: wrapper messages, or UI frames that are segmented where
 * they are longer than the meter's frames may be. Each entry is sent as it is: one datagram, or one piece of a stream.
 */
export function pushFrames(
  meter: VirtualMeter,
  settings: PushSettings,
  framing: 'wrapper' | 'hdlc',
  apdus: readonly Uint8Array[],
  now: number,
): readonly Uint8Array[] {
  const peer = pushPeer(meter, settings, framing);
  const frames =
    framing === 'wrapper'
      ? apdus.map((apdu) => encodeWrapper({ source: peer.server, destination: peer.client, apdu }))
      : hdlcFrames(meter, peer, apdus);
  const behaviour = behaviourOf(meter, now);
  return behaviour === undefined ? frames : frames.flatMap((frame) => behaviour.frames(frame));
}

function hdlcFrames(meter: VirtualMeter, peer: LinkPeer, apdus: readonly Uint8Array[]): Uint8Array[] {
  const link = new HdlcServerLink({ accepts: () => 'ignore', pushInfo: meter.model.hdlc.maxInfoTransmit });
  return apdus.flatMap((apdu) =>
    link.push(apdu, peer, 0).flatMap((event) => (event.type === 'send' ? [event.octets] : [])),
  );
}
