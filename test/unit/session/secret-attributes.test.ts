import assert from 'node:assert/strict';
import { allClasses } from '../../../engine/cosem/classes.ts';
import { holdsSecret } from '../../../engine/session/secret-attributes.ts';

/** Names of the class table that speak of a password or a key. */
const SECRET_NAME = /^pass_|password|secret$|_keys?$|mac_key_table|^PPP_authentication$/i;
/** Not the key itself. */
const TELLS_ABOUT = /status|index|number|type/i;

describe('attributes that hold a password or a key', () => {
  it('are the ones the class table names so', () => {
    const named: string[] = [];
    const held: string[] = [];
    for (const { id, version, attributes } of allClasses()) {
      for (const { index, name } of attributes) {
        const label = `${id} v${version} ${index} ${name}`;
        if (SECRET_NAME.test(name) && !TELLS_ABOUT.test(name)) named.push(label);
        if (holdsSecret({ class: id, index })) held.push(label);
      }
    }
    assert.ok(named.length > 10);
    assert.deepEqual(held, named);
  });
});
