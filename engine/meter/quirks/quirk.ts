import type { Aare } from '../../codec/acse/types.ts';
import type { Apdu } from '../../codec/apdu.ts';
import type { Data } from '../../codec/axdr/data.ts';
import type { DataAccessResult, GetDataResult, SelectiveAccess } from '../../codec/xdlms/types.ts';
import type { CosemObject } from '../blueprint.ts';
import type { Target } from '../classes/class-logic.ts';
import type { VirtualMeter } from '../meter.ts';

/** The exchange in which a quirk shows. */
export interface QuirkContext {
  readonly meter: VirtualMeter;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** What `with` says, or what the catalogue has for it; 0 for quirks that take nothing. Durations in milliseconds. */
  readonly value: number;
}

/** An attribute on its way to or from a client. */
export interface QuirkAttribute extends QuirkContext {
  readonly target: Target;
  readonly object: CosemObject;
  readonly attribute: number;
  readonly selection: SelectiveAccess | null;
}

/** What a meter with quirks does otherwise wherever it is asked: read by those who do the thing. */
export interface Habits {
  /** Answers nothing, on any layer. */
  readonly silent?: true;
  /** Sends back what it received before anything else. */
  readonly echoes?: true;
  /** Octets that go into one piece of a TCP stream. */
  readonly pieces?: number;
  /** One connection at a time, and none for so long after its end, ms. */
  readonly holdsConnectionMs?: number;
  /** Associations outlive their connections. */
  readonly keepsAssociation?: true;
  /** Closes the connection on an old invocation counter. */
  readonly closesOnReplay?: true;
  /** Width of the server address in answers. */
  readonly answerBytes?: 4;
  /** The only width of server addresses that is heard. */
  readonly serverBytes?: 1 | 2 | 4;
  /** All-station addresses are answered like any other. */
  readonly answersAllStation?: true;
  /** SNRM without parameters is answered with DM. */
  readonly refusesEmptySnrm?: true;
  /** A push comes before the UA. */
  readonly pushesBeforeUa?: true;
  /** RLRQ is not heard. */
  readonly ignoresRelease?: true;
  /** Octets sent behind RLRE. */
  readonly junkAfterRelease?: number;
  /** Client SAP served without AARQ; 0 for all. */
  readonly associatedFor?: number;
  /** Answers are encrypted and never authenticated. */
  readonly encryptedOnly?: true;
  /** Tags are made with a key of its own. */
  readonly unknownKey?: true;
  /** Pass 4 of HLS uses a counter without using it up. */
  readonly hlsKeepsCounter?: true;
  /** Security control of the GMAC of pass 4 is 10 whatever the suite. */
  readonly hlsControl10?: true;
  /** SHA-256 over challenge and secret alone. */
  readonly hlsKeyOnly?: true;
  /** Pass 4 carries no proof. */
  readonly hlsWithoutAnswer?: true;
  readonly refusesLists?: true;
  readonly blocksUnasked?: true;
  readonly alwaysBlocks?: true;
  /** Number of the first block. */
  readonly firstBlock?: 0;
  /** Block numbers go on where the last transfer ended. */
  readonly blockNumbersGoOn?: true;
}

/**
 * What a quirk of the catalogue does. Each member is asked where the deviation happens; those that are absent change
 * nothing.
 */
export interface Quirk {
  habits?(value: number): Habits;
  /** One frame or message of the link on its way out. */
  frame?(octets: Uint8Array, context: QuirkContext): readonly Uint8Array[];
  aare?(aare: Aare, context: QuirkContext): Aare;
  /** The initiateResponse, encoded, before it is protected. */
  initiate?(octets: Uint8Array, context: QuirkContext): Uint8Array;
  /** A whole response before it is cut into blocks and protected. `request` is absent for what nobody asked for. */
  whole?(octets: Uint8Array, request: Apdu | undefined, context: QuirkContext): Uint8Array;
  /** An APDU as it leaves for the link. */
  sealed?(octets: Uint8Array, context: QuirkContext): Uint8Array;
  /** An attribute as it is told to a client. */
  told?(read: GetDataResult, about: QuirkAttribute): GetDataResult;
  /** Data of a client, written or in a selection, as the meter takes it. */
  heard?(data: Data, about: QuirkAttribute): Data;
  /** Why an attribute is not read. */
  refusesRead?(about: QuirkAttribute): DataAccessResult | undefined;
  /** Why an attribute is not written. */
  refusesWrite?(data: Data, about: QuirkAttribute): DataAccessResult | undefined;
}
