import type { HdlcDeframerEvent } from '../codec/hdlc/deframer.ts';
import { type CodecError, describeCodecError } from '../codec/result.ts';
import type { LinkErrorCode, LinkEvent } from './types.ts';

type ErrorEvent = Extract<LinkEvent, { type: 'error' }>;

export function linkError(code: LinkErrorCode, message: string, cause?: CodecError): ErrorEvent {
  return { type: 'error', error: cause ? { code, message, cause } : { code, message } };
}

/** What a deframer dropped, as an event of the link. */
export function brokenFrame(event: Exclude<HdlcDeframerEvent, { type: 'frame' }>): ErrorEvent {
  const size = `${event.octets.length} octets dropped`;
  if (event.type === 'noise') return linkError('noise', `${size}, they are not HDLC`);
  return linkError('broken-frame', `${size}, ${describeCodecError(event.error)}`, event.error);
}

/** Error of a wrapper stream that cannot be cut into messages any more. */
export function lostStream(cause: CodecError): ErrorEvent['error'] {
  return linkError('broken-frame', `the stream cannot be followed any more, ${describeCodecError(cause)}`, cause).error;
}
