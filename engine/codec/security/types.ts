/** Security header SC || IC (GB 9.2.7.2.4.4) with the protected octets. */
export interface SecurityHeader {
  /** Security control octet as on the wire. */
  readonly sc: number;
  readonly suite: number;
  readonly authenticated: boolean;
  readonly encrypted: boolean;
  readonly keySet: 'unicast' | 'broadcast';
  readonly compressed: boolean;
  /** Invocation counter, 0..2^32-1. */
  readonly ic: number;
  /** Ciphertext, or plaintext when only authenticated. */
  readonly payload: Uint8Array;
  /** 12 octets; absent unless authenticated. */
  readonly tag?: Uint8Array;
}

/** Services that have a glo- and a ded- form. */
export type CipherableService =
  | 'initiate-request'
  | 'initiate-response'
  | 'read-request'
  | 'read-response'
  | 'write-request'
  | 'write-response'
  | 'confirmed-service-error'
  | 'unconfirmed-write-request'
  | 'information-report'
  | 'get-request'
  | 'get-response'
  | 'set-request'
  | 'set-response'
  | 'event-notification'
  | 'action-request'
  | 'action-response';

export interface ServiceCiphering {
  readonly kind: `glo-${CipherableService}` | `ded-${CipherableService}`;
  readonly security: SecurityHeader;
}
export interface GloInitiateRequest {
  readonly kind: 'glo-initiate-request';
  readonly security: SecurityHeader;
}
export interface GloInitiateResponse {
  readonly kind: 'glo-initiate-response';
  readonly security: SecurityHeader;
}
export interface GeneralGloCiphering {
  readonly kind: 'general-glo-ciphering' | 'general-ded-ciphering';
  readonly systemTitle: Uint8Array;
  readonly security: SecurityHeader;
}
export interface KeyInfo {
  readonly identifiedKey?: 'unicast' | 'broadcast';
  readonly wrappedKey?: { readonly kekId: number; readonly keyCipheredData: Uint8Array };
  readonly agreedKey?: { readonly keyParameters: Uint8Array; readonly keyCipheredData: Uint8Array };
}
interface GeneralHeader {
  readonly transactionId: Uint8Array;
  readonly originatorSystemTitle: Uint8Array;
  readonly recipientSystemTitle: Uint8Array;
  readonly dateTime: Uint8Array;
  readonly otherInformation: Uint8Array;
}
export interface GeneralCiphering extends GeneralHeader {
  readonly kind: 'general-ciphering';
  readonly keyInfo: KeyInfo | null;
  readonly security: SecurityHeader;
}
export interface GeneralSigning extends GeneralHeader {
  readonly kind: 'general-signing';
  readonly content: Uint8Array;
  readonly signature: Uint8Array;
}
/** APDUs with a security header. */
export type CipheredApdu = ServiceCiphering | GeneralGloCiphering | GeneralCiphering;
export type ProtectedApdu = CipheredApdu | GeneralSigning;

/**
 * Key material of one party pair. Octets are raw keys; never log or serialise them. Private keys have 32 octets in
 * suite 1 and 48 in suite 2, public keys are x || y.
 */
export interface KeyRing {
  /** Global unicast encryption key. */
  readonly guek?: Uint8Array;
  /** Authentication key. Of length 0 in profiles that have none (GBCS). */
  readonly gak?: Uint8Array;
  /** Global broadcast encryption key. */
  readonly gbek?: Uint8Array;
  readonly dedicatedKey?: Uint8Array;
  /** Key of one general-ciphering APDU that was unwrapped or agreed on elsewhere, such as one a security module gave out. */
  readonly contentKey?: Uint8Array;
  /** Master key, under which other keys are wrapped. */
  readonly kek?: Uint8Array;
  /** Own private key for signatures. */
  readonly signingKey?: Uint8Array;
  /** Own private key for key agreement. */
  readonly agreementKey?: Uint8Array;
  /** The other party's public key for signatures. */
  readonly peerSigningKey?: Uint8Array;
  /** The other party's public key for key agreement. */
  readonly peerAgreementKey?: Uint8Array;
  /** 8 octets: system title of the originator, used where the APDU does not carry one. */
  readonly systemTitle?: Uint8Array;
}
