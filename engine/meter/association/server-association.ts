import type { Aarq, Rlrq } from '../../codec/acse/types.ts';
import type { Apdu } from '../../codec/apdu.ts';
import { decodeApdu, encodeApdu } from '../../codec/apdu-codec.ts';
import type { CodecError } from '../../codec/result.ts';
import type { BlueprintAssociation } from '../blueprint.ts';
import type { VirtualMeter } from '../meter.ts';
import { MALFORMED, NOT_ASSOCIATED, NOT_NEGOTIATED, TOO_LONG, UNKNOWN_SERVICE } from '../services/errors.ts';
import { handleGet } from '../services/get.ts';
import type { RequestContext } from '../services/request-context.ts';
import type { AssociationState } from './association-state.ts';
import { type InitiateProposal, openAssociation } from './opening.ts';

/** No limit stated by the client: as much as the link's length fields carry. */
const UNLIMITED_PDU = 0xffff;
const AARQ_TAG = 0x60;

export interface ServerAssociationOptions {
  readonly meter: VirtualMeter;
  readonly clientSap: number;
  readonly serverSap: number;
  /** Associations of the model for this client and logical device; not empty. */
  readonly candidates: readonly BlueprintAssociation[];
  readonly random: (length: number) => Uint8Array;
}

/** One client's association with one logical device: its state machine over APDUs (GB 9.4, 9.5). */
export class ServerAssociation {
  readonly #options: ServerAssociationOptions;
  #state: AssociationState | undefined;

  constructor(options: ServerAssociationOptions) {
    this.#options = options;
  }

  get state(): AssociationState | undefined {
    return this.#state;
  }

  /** The connection below is gone: so is the association. */
  abort(): void {
    this.#state = undefined;
  }

  /** Answers one APDU; undefined where the standard wants no answer. */
  receive(octets: Uint8Array, now: number): Uint8Array | undefined {
    const maxPdu = this.#state?.definition.model.maxPdu ?? 0;
    if (maxPdu > 0 && octets.length > maxPdu && octets[0] !== AARQ_TAG) return TOO_LONG;
    const decoded = decodeApdu(octets);
    if (!decoded.ok) return this.#refuse(octets, decoded.error);
    return this.#answer(decoded.value, now);
  }

  #refuse(octets: Uint8Array, error: CodecError): Uint8Array | undefined {
    if (octets[0] === AARQ_TAG) return undefined;
    if (error.code === 'bad-tag' && error.offset === 0) return UNKNOWN_SERVICE;
    return this.#state?.status === 'associated' ? MALFORMED : NOT_ASSOCIATED;
  }

  #answer(apdu: Apdu, now: number): Uint8Array | undefined {
    if (apdu.kind === 'aarq') return this.#open(apdu, now);
    if (apdu.kind === 'rlrq') return this.#release(apdu);
    const state = this.#state;
    if (state === undefined) return isRequest(apdu) ? NOT_ASSOCIATED : undefined;
    return this.#serve(state, apdu, now);
  }

  #open(aarq: Aarq, now: number): Uint8Array | undefined {
    this.#state = undefined;
    const opening = openAssociation({ ...this.#options, now }, aarq, () => this.#proposal(aarq));
    this.#state = opening.state;
    const initiate = aarq.userInformation;
    const silent = opening.state !== undefined && initiate?.kind === 'initiate-request' && !initiate.responseAllowed;
    return silent ? undefined : encodeApdu(opening.aare);
  }

  #proposal(aarq: Aarq): InitiateProposal {
    const initiate = aarq.userInformation;
    if (initiate?.kind === 'initiate-request') return initiate;
    return {
      kind: 'confirmed-service-error',
      service: 'initiate-error',
      error: 'application-reference',
      value: 'other',
    };
  }

  #release(rlrq: Rlrq): Uint8Array {
    const associated = this.#state !== undefined;
    this.#state = undefined;
    const reason = associated ? 'normal' : 'not-finished';
    return encodeApdu(rlrq.reason === undefined && associated ? { kind: 'rlre' } : { kind: 'rlre', reason });
  }

  #serve(state: AssociationState, apdu: Apdu, now: number): Uint8Array | undefined {
    if (state.status !== 'associated') return isRequest(apdu) ? NOT_ASSOCIATED : undefined;
    const context: RequestContext = {
      meter: this.#options.meter,
      association: state,
      time: now,
      protections: [],
      maxResponse: state.clientMaxPdu === 0 ? UNLIMITED_PDU : state.clientMaxPdu,
      maxBlock: UNLIMITED_PDU,
    };
    switch (apdu.kind) {
      case 'get-request':
        return handleGet(context, apdu);
      default:
        return isRequest(apdu) ? NOT_NEGOTIATED : undefined;
    }
  }
}

/** APDUs a client sends and waits for an answer to. Everything else is none of a server's business. */
function isRequest(apdu: Apdu): boolean {
  return apdu.kind.endsWith('-request') && apdu.kind !== 'unconfirmed-write-request';
}
