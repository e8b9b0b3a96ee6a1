import type { Apdu } from '../../codec/apdu.ts';
import type { Decoded } from '../../codec/result.ts';
import type { GeneralCiphering, GeneralSigning, ProtectedApdu } from '../../codec/security/types.ts';
import type { Protection } from '../../template/model.ts';
import type { BlueprintAssociation } from '../blueprint.ts';
import type { VirtualMeter } from '../meter.ts';
import type { Habits } from '../quirks/quirk.ts';
import type { AssociationState } from './association-state.ts';

/** How a request was ciphered, which is how its answer will be. */
export type ProtectionForm =
  | { readonly form: 'glo' | 'ded' | 'general-glo' | 'general-ded' }
  | { readonly form: 'general-ciphering'; readonly request: GeneralCiphering };

export interface IncomingProtection {
  readonly protections: readonly Protection[];
  /** Undefined for a request that is not ciphered. */
  readonly form: ProtectionForm | undefined;
  /** The signed layer, when there was one. */
  readonly signed: GeneralSigning | undefined;
}

/** A request without protection. */
export const PLAIN: IncomingProtection = { protections: [], form: undefined, signed: undefined };

export type Opened =
  | {
      readonly ok: true;
      readonly plain: Uint8Array;
      readonly decoded: Decoded<Apdu>;
      readonly incoming: IncomingProtection;
    }
  /** `replay` with the counter that would be accepted. */
  | { readonly ok: false; readonly why: 'not-decipherable' }
  | { readonly ok: false; readonly why: 'replay'; readonly expected: number };

/** Whose keys and counters a protected APDU needs; before the association is there, without a dedicated key. */
export interface ProtectionContext {
  readonly meter: VirtualMeter;
  readonly definition: BlueprintAssociation;
  readonly clientTitle: Uint8Array | undefined;
  readonly state?: AssociationState;
  readonly now: number;
  /** Quirks of the meter. */
  readonly habits?: Habits | undefined;
  /** Unpredictable octets, for content keys and ephemeral keys. */
  readonly random: (length: number) => Uint8Array;
}

/** True for APDUs whose content is protected. */
export function isProtected(apdu: Apdu): apdu is ProtectedApdu {
  return (
    apdu.kind.startsWith('glo-') ||
    apdu.kind.startsWith('ded-') ||
    apdu.kind.startsWith('general-glo') ||
    apdu.kind.startsWith('general-ded') ||
    apdu.kind === 'general-ciphering' ||
    apdu.kind === 'general-signing'
  );
}
