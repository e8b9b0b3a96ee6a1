import type { Aarq, Undecodable } from '../codec/acse/types.ts';
import type { Apdu } from '../codec/apdu.ts';
import type { Decoded } from '../codec/result.ts';
import type { ProtectedApdu } from '../codec/security/types.ts';
import type { ConfirmedServiceError, InitiateRequest, InitiateResponse } from '../codec/xdlms/types.ts';
import { SessionError } from './errors.ts';
import type { ClientParams } from './params.ts';

/** Keys, counters and titles of one association; puts protection on and takes it off. */
export class Ciphering {
  readonly params: ClientParams;
  readonly dedicatedKey: Uint8Array | null = null;
  serverTitle: Uint8Array | undefined;
  active = false;

  constructor(params: ClientParams, _random: (length: number) => Uint8Array) {
    this.params = params;
  }

  static isProtected(
    apdu: Apdu | InitiateRequest | InitiateResponse | ConfirmedServiceError | ProtectedApdu | Undecodable,
  ): apdu is ProtectedApdu {
    return 'security' in apdu || apdu.kind === 'general-signing';
  }

  activate(): void {
    this.active = this.params.protection !== 'none';
  }

  protect(_plain: Uint8Array, _apdu: Apdu): Uint8Array {
    throw new SessionError('not-supported', 'ciphered associations are not supported yet');
  }

  protectAarq(_aarq: Aarq): Aarq {
    throw new SessionError('not-supported', 'ciphered associations are not supported yet');
  }

  protectInitiate(_params: ClientParams): ProtectedApdu {
    throw new SessionError('not-supported', 'ciphered associations are not supported yet');
  }

  unprotect(_apdu: ProtectedApdu): Decoded<Uint8Array> {
    throw new SessionError('not-supported', 'ciphered associations are not supported yet');
  }
}
