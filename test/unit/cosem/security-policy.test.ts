import assert from 'node:assert/strict';
import {
  SECURITY_POLICY_ITEMS,
  securityPolicyItems,
  securityPolicyNumber,
} from '../../../engine/cosem/security-policy.ts';

describe('security policy of class 64', () => {
  it('version 1: bits 2 to 7, there and back', () => {
    for (let value = 0; value < 256; value++) {
      const items = securityPolicyItems(value, 1);
      if ((value & 3) !== 0) assert.equal(items, undefined, `${value}`);
      else assert.equal(securityPolicyNumber(items ?? [], 1), value);
    }
    assert.deepEqual(securityPolicyItems(0x24, 1), ['authenticated-request', 'authenticated-response']);
    assert.equal(securityPolicyNumber(SECURITY_POLICY_ITEMS, 1), 0xfc);
  });

  it('version 0: four values, both directions', () => {
    for (const value of [0, 1, 2, 3]) assert.equal(securityPolicyNumber(securityPolicyItems(value, 0) ?? [], 0), value);
    assert.deepEqual(securityPolicyItems(2, 0), ['encrypted-request', 'encrypted-response']);
    for (const value of [-1, 4, 0x0c]) assert.equal(securityPolicyItems(value, 0), undefined);
  });
});
