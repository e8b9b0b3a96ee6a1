import type { KeyRing } from '../../codec/security/types.ts';
import type { SecurityModel } from '../../template/model.ts';

/** What clients put in place of a security block of the template. */
export interface SecurityChange {
  readonly keys?: KeyRing;
  readonly policy?: SecurityModel['policy'];
  readonly suite?: SecurityModel['suite'];
}

/** A key that came into force. */
export interface EnforcedKey {
  readonly security: string;
  readonly name: string;
}

/**
 * Keys, policies and suites of security setups that clients replaced. They are staged first: the answer to the request
 * that brought them still goes under the old ones, and they are in force from the next request on.
 */
export class SecurityChanges {
  readonly #inForce = new Map<string, SecurityChange>();
  readonly #models = new Map<SecurityModel, SecurityModel>();
  #staged: { readonly security: string; readonly change: SecurityChange }[] = [];

  /** Keys in place of those of the template. */
  keysOf(security: string): KeyRing {
    return this.#inForce.get(security)?.keys ?? {};
  }

  /** A security block of the template with the policy and the suite in force. */
  modelOf(security: SecurityModel): SecurityModel {
    const { policy, suite } = this.#inForce.get(security.name) ?? {};
    if (policy === undefined && suite === undefined) return security;
    const known = this.#models.get(security);
    if (known !== undefined) return known;
    const model = { ...security, policy: policy ?? security.policy, suite: suite ?? security.suite };
    this.#models.set(security, model);
    return model;
  }

  stage(security: string, change: SecurityChange): void {
    this.#staged.push({ security, change });
  }

  /** All changes by security block, those not yet in force among them: what a meter keeps over a restart. */
  all(): ReadonlyMap<string, SecurityChange> {
    const all = new Map(this.#inForce);
    for (const { security, change } of this.#staged) all.set(security, merged(all.get(security), change));
    return all;
  }

  /** Puts what is staged into force and tells which keys that were. */
  enforce(): readonly EnforcedKey[] {
    if (this.#staged.length === 0) return [];
    const enforced: EnforcedKey[] = [];
    for (const { security, change } of this.#staged) {
      this.#inForce.set(security, merged(this.#inForce.get(security), change));
      for (const name of Object.keys(change.keys ?? {})) enforced.push({ security, name });
    }
    this.#staged = [];
    this.#models.clear();
    return enforced;
  }
}

function merged(before: SecurityChange | undefined, change: SecurityChange): SecurityChange {
  return { ...before, ...change, keys: { ...before?.keys, ...change.keys } };
}
