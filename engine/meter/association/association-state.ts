import type { Mechanism } from '../../codec/acse/types.ts';
import type { GeneralBlockExchange } from '../../link/general-block-exchange.ts';
import type { BlueprintAssociation } from '../blueprint.ts';
import type { LongRequest, LongResponse } from '../services/long-transfer.ts';

/** What HLS needs between passes 2 and 3. */
export interface HlsChallenges {
  readonly clientToServer: Uint8Array;
  readonly serverToClient: Uint8Array;
}

/** An association a client holds, or is about to complete (HLS passes 3 and 4). */
export interface AssociationState {
  readonly definition: BlueprintAssociation;
  readonly clientSap: number;
  readonly serverSap: number;
  readonly mechanism: Mechanism;
  readonly ciphered: boolean;
  /** Mask as negotiated: proposal AND server's. */
  readonly conformance: number;
  /** Largest APDU the client takes; 0 = no limit. */
  readonly clientMaxPdu: number;
  /** System title of the client (AARQ A6), for deciphering and HLS. */
  readonly clientTitle: Uint8Array | undefined;
  /** Who the client said its user is (calling-AE-invocation-id). */
  readonly userId?: number;
  readonly dedicatedKey: Uint8Array | undefined;
  /** Unpredictable octets, for keys made on request. */
  readonly random: (length: number) => Uint8Array;
  /** Invocation counters of the dedicated key, which live as long as the association. */
  dedicatedReceived: number;
  dedicatedSent: number;
  /** `failed` after a wrong HLS reply: the association is to be forgotten. */
  status: 'pending' | 'associated' | 'failed';
  challenges: HlsChallenges | undefined;
  /** A response that is being fetched in blocks. */
  response: LongResponse | undefined;
  /** Number of the block sent last, over all transfers. */
  lastBlock?: number;
  /** A request that is arriving in blocks. */
  request: LongRequest | undefined;
  /** A general block transfer that is under way, below the services (GB 9.4.6.13). */
  blocks?: GeneralBlockExchange | undefined;
}
