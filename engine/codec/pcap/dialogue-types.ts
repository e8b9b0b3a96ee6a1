import type { Apdu } from '../apdu.ts';
import type { Data } from '../axdr/data.ts';
import type { CodecError, Deviation } from '../result.ts';
import type { Revealed } from '../reveal.ts';
import type { KeyRing } from '../security/types.ts';
import type { AccessSpecification, AttributeDescriptor, SelectiveAccess, VariableAccess } from '../xdlms/types.ts';

/** `tx`: from who opened the connection, `rx`: to them. A meter that pushes opens the connection itself. */
export type DialogueDirection = 'tx' | 'rx';

/** SAPs of the two application processes: wPorts, or upper HDLC addresses. */
export interface DialoguePeers {
  /** On the side that opened the connection. */
  readonly near: number;
  readonly far: number;
}

export interface DialogueOptions {
  /**
   * Keys to decipher with, tried one after the other. System titles and dedicated keys are also learnt from the
   * associations in the capture.
   */
  readonly keys?: readonly KeyRing[];
}

interface DialogueMoment {
  /** Milliseconds since the epoch, of the packet that made it complete. */
  readonly time: number;
  /** Number of that packet in the file, from 0. */
  readonly packet: number;
}

/** Something on the link that is no APDU: HDLC supervision, noise, broken frames, gaps. */
export interface DialogueNote extends DialogueMoment {
  readonly type: 'note';
  readonly direction: DialogueDirection;
  readonly text: string;
  readonly error?: CodecError;
}

/** An APDU, put together from segments and general blocks, deciphered as far as keys allow. */
export interface DialogueMessage extends DialogueMoment {
  readonly type: 'message';
  /** From 0 in its connection. */
  readonly index: number;
  readonly direction: DialogueDirection;
  readonly peers: DialoguePeers;
  /** As it was on the wire, or put together from blocks. */
  readonly octets: Uint8Array;
  readonly revealed?: Revealed;
  /** The service inside of all protection; absent when it could not be decoded or deciphered. */
  readonly apdu?: Apdu;
  /** General blocks it was put together from. */
  readonly blocks?: number;
  readonly deviations: readonly Deviation[];
  readonly error?: CodecError;
}

/** One attribute or method of a request, with what became of it. */
export interface ExchangeItem {
  readonly op: 'get' | 'set' | 'action' | 'read' | 'write' | 'notify';
  /** Logical name referencing. */
  readonly object?: AttributeDescriptor | AccessSpecification;
  /** Short name referencing. */
  readonly variable?: VariableAccess;
  readonly selective?: SelectiveAccess;
  /** What was written, or the parameters of a method. */
  readonly sent?: Data;
  /** What was read, returned or notified. */
  readonly data?: Data;
  /** Result other than data: `success`, or why not. */
  readonly result?: string;
}

/** A service as a whole: request and response with their blocks put together. */
export interface DialogueExchange extends DialogueMoment {
  readonly type: 'exchange';
  readonly peers: DialoguePeers;
  /** Kind of the request, or of what nobody asked for. */
  readonly service: Apdu['kind'];
  /** Messages that took part, by index. */
  readonly messages: readonly number[];
  /** Service-specific blocks of request and response. */
  readonly blocks: number;
  readonly items: readonly ExchangeItem[];
  /** Why the service as a whole failed: another APDU in place of the response, blocks that do not decode. */
  readonly failure?: string;
}

export type DialogueEvent = DialogueNote | DialogueMessage | DialogueExchange;

/** Octets put together from segments or blocks; what is longer is given up. */
export const MAX_JOINED_OCTETS = 16 * 1024 * 1024;
/** Pairs of application processes followed on one connection. */
export const MAX_PEERS = 1024;
/** Requests without an answer kept per pair; the oldest is given up. */
export const MAX_OPEN_EXCHANGES = 16;
