import type { CodecError } from './result.ts';

/**
 * How decoders inside the codec give up. Caught by `decodeWith` and never seen outside of engine/codec.
 * Not an Error: a stack trace for each refused input would cost more than the decoding.
 */
export class DecodeFailure {
  readonly error: CodecError;

  constructor(error: CodecError) {
    this.error = error;
  }
}
