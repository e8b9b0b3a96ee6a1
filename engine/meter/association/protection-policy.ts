import type { PolicyItem, Protection } from '../../template/model.ts';
import type { BlueprintAssociation } from '../blueprint.ts';
import type { VirtualMeter } from '../meter.ts';
import type { IncomingProtection } from './protection.ts';

const PROTECTIONS: readonly Protection[] = ['authenticated', 'encrypted', 'signed'];

/** Protections of a ciphered layer, as its header says. */
export function protectionsOf(header: { readonly authenticated: boolean; readonly encrypted: boolean }): Protection[] {
  return [
    ...(header.authenticated ? (['authenticated'] as const) : []),
    ...(header.encrypted ? (['encrypted'] as const) : []),
  ];
}

/** Protections the security policy asks of one direction (security.md 6). */
export function policyFor(
  meter: VirtualMeter,
  definition: BlueprintAssociation,
  direction: 'request' | 'response',
): Protection[] {
  if (!definition.model.ciphering) return [];
  const policy = meter.inForce(definition.security)?.policy;
  return PROTECTIONS.filter(
    (protection) => policy?.includes(`${protection}-${direction}` satisfies PolicyItem) ?? false,
  );
}

/** Whether a request has what the policy asks for; more is always allowed. */
export function satisfiesPolicy(
  meter: VirtualMeter,
  definition: BlueprintAssociation,
  incoming: IncomingProtection,
): boolean {
  return policyFor(meter, definition, 'request').every((protection) => incoming.protections.includes(protection));
}

/**
 * Whether ciphering has what the policy asks of it. Signatures are asked of services only: an InitiateRequest comes with
 * the authentication of the AARQ, and a signature may be around a ciphered layer or inside of it.
 */
export function satisfiesLayers(
  meter: VirtualMeter,
  definition: BlueprintAssociation,
  protections: readonly Protection[],
): boolean {
  return policyFor(meter, definition, 'request').every(
    (protection) => protection === 'signed' || protections.includes(protection),
  );
}

/** Protections of the answer: those of the request, and what the policy asks of responses. */
export function answerProtections(meter: VirtualMeter, definition: BlueprintAssociation, incoming: IncomingProtection) {
  const all = [...incoming.protections, ...policyFor(meter, definition, 'response')];
  return {
    authenticated: all.includes('authenticated'),
    encrypted: all.includes('encrypted'),
    signed: all.includes('signed'),
  };
}
