import type { ConfirmedServiceError, InitiateRequest, InitiateResponse } from '../../codec/xdlms/types.ts';
import { conformanceMask, conformanceNames } from '../../cosem/conformance.ts';
import type { BlueprintAssociation } from '../blueprint.ts';

/** DLMS version of this server, and the lowest it talks to (GB 9.4.4.2). */
const DLMS_VERSION = 6;
/** PDU sizes 1..11 are reserved; 0 is no limit (wire.md 8). */
const SMALLEST_PDU = 12;
const VAA_NAME = { LN: 0x0007, SN: 0xfa00 } as const;

export interface Initiated {
  readonly conformance: number;
  readonly clientMaxPdu: number;
  readonly dedicatedKey: Uint8Array | undefined;
}

function refusal(value: string): ConfirmedServiceError {
  return { kind: 'confirmed-service-error', service: 'initiate-error', error: 'initiate', value };
}

/** What a proposal and an association come to, or why they do not. */
export function negotiate(
  request: InitiateRequest,
  definition: BlueprintAssociation,
): Initiated | ConfirmedServiceError {
  if (request.dlmsVersion < DLMS_VERSION) return refusal('dlms-version-too-low');
  const conformance = conformanceMask(request.conformance) & definition.conformance;
  if (conformance === 0) return refusal('incompatible-conformance');
  if (request.maxPdu > 0 && request.maxPdu < SMALLEST_PDU) return refusal('pdu-size-too-short');
  return {
    conformance,
    clientMaxPdu: request.maxPdu,
    dedicatedKey: request.dedicatedKey === null ? undefined : new Uint8Array(request.dedicatedKey),
  };
}

/** The initiateResponse of an association; with a rejection it tells what could be had. */
export function initiateResponse(
  definition: BlueprintAssociation,
  conformance: number,
  announcedPdu = definition.model.maxPdu,
): InitiateResponse {
  return {
    kind: 'initiate-response',
    negotiatedQoS: null,
    dlmsVersion: DLMS_VERSION,
    conformance: conformanceNames(conformance),
    maxPdu: announcedPdu,
    vaaName: VAA_NAME[definition.model.context],
  };
}
