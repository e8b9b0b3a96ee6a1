import type { GloInitiateRequest, GloInitiateResponse, ProtectedApdu } from '../security/types.ts';
import type { ConfirmedServiceError, InitiateRequest, InitiateResponse } from '../xdlms/types.ts';

/** Application context names, 2.16.756.5.8.1.n (GB 9.4.2.2.2): n = 1..4. */
export type ApplicationContext = 'ln' | 'sn' | 'ln-ciphered' | 'sn-ciphered';

/** Authentication mechanism names, 2.16.756.5.8.2.n (GB 9.4.2.2.3): n = 0..7. */
export type Mechanism =
  | 'lowest'
  | 'lls'
  | 'hls-manufacturer'
  | 'hls-md5'
  | 'hls-sha1'
  | 'hls-gmac'
  | 'hls-sha256'
  | 'hls-ecdsa';

/** An object identifier outside of the DLMS arc is kept as its content octets in hex: `oid:<hex>`. */
export type OrOid<Name extends string> = Name | `oid:${string}`;

export interface AuthenticationValue {
  readonly form: 'charstring' | 'bitstring' | 'external' | 'other';
  readonly octets: Uint8Array;
}

/** User-information that could not be decoded is kept, so that the association part is still shown. */
export interface Undecodable {
  readonly kind: 'undecodable';
  readonly octets: Uint8Array;
  readonly why: string;
}

/** Titles, qualifiers and ids of AARQ (GB 9.4.2). Octets are the content of the inner OCTET STRING or INTEGER. */
export interface Aarq {
  readonly kind: 'aarq';
  /** Content of the BIT STRING incl. its unused-bits octet, e.g. `07 80`. Normally absent. */
  readonly protocolVersion?: Uint8Array;
  readonly applicationContext: OrOid<ApplicationContext>;
  readonly calledApTitle?: Uint8Array;
  readonly calledAeQualifier?: Uint8Array;
  readonly calledApInvocationId?: number;
  readonly calledAeInvocationId?: number;
  readonly callingApTitle?: Uint8Array;
  readonly callingAeQualifier?: Uint8Array;
  readonly callingApInvocationId?: number;
  readonly callingAeInvocationId?: number;
  readonly acseRequirements?: Uint8Array;
  readonly mechanism?: OrOid<Mechanism>;
  readonly authValue?: AuthenticationValue;
  readonly implementationInformation?: Uint8Array;
  readonly userInformation?: InitiateRequest | GloInitiateRequest | ProtectedApdu | Undecodable;
}

export type AssociationResult = 'accepted' | 'rejected-permanent' | 'rejected-transient';

export interface AssociateSourceDiagnostic {
  readonly source: 'acse-service-user' | 'acse-service-provider';
  /** Name of the diagnostic (wire.json), e.g. `authentication-failure`; unknown numbers as `unknown(n)`. */
  readonly value: string;
}

export interface Aare {
  readonly kind: 'aare';
  readonly protocolVersion?: Uint8Array;
  readonly applicationContext: OrOid<ApplicationContext>;
  readonly result: AssociationResult;
  readonly diagnostic: AssociateSourceDiagnostic;
  readonly respondingApTitle?: Uint8Array;
  readonly respondingAeQualifier?: Uint8Array;
  readonly respondingApInvocationId?: number;
  readonly respondingAeInvocationId?: number;
  readonly acseRequirements?: Uint8Array;
  readonly mechanism?: OrOid<Mechanism>;
  readonly authValue?: AuthenticationValue;
  readonly implementationInformation?: Uint8Array;
  readonly userInformation?:
    | InitiateResponse
    | ConfirmedServiceError
    | GloInitiateResponse
    | ProtectedApdu
    | Undecodable;
}

export interface Rlrq {
  readonly kind: 'rlrq';
  /** `normal`, `urgent`, `user-defined`, or `unknown(n)`. */
  readonly reason?: string;
  readonly userInformation?: InitiateRequest | GloInitiateRequest | ProtectedApdu | Undecodable;
}

export interface Rlre {
  readonly kind: 'rlre';
  /** `normal`, `not-finished`, `user-defined`, or `unknown(n)`. */
  readonly reason?: string;
  readonly userInformation?:
    | InitiateResponse
    | ConfirmedServiceError
    | GloInitiateResponse
    | ProtectedApdu
    | Undecodable;
}
