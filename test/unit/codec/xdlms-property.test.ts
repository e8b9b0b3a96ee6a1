import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeApdu, encodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { apduFromJson, apduToJson } from '../../../engine/codec/apdu-json.ts';
import { apdu } from './apdu-arbitrary.ts';
import { assertFieldsTile } from './field-coverage.ts';

const SEED = 20261124;

describe(`properties of APDUs (seed ${SEED})`, () => {
  it('any APDU decodes from its encoding, without deviation, survives JSON, and its fields tile the octets', () => {
    fc.assert(
      fc.property(apdu, (value) => {
        const encoded = encodeApdu(value);
        const decoded = decodeApdu(encoded, { strict: true, fields: true });
        assert.ok(decoded.ok);
        // Records of fast-check have no prototype; a clone has the usual one.
        assert.deepEqual(decoded.value, structuredClone(value));
        assertFieldsTile(decoded.fields ?? [], encoded.length);
        const json: unknown = JSON.parse(JSON.stringify(apduToJson(value)));
        assert.deepEqual(encodeApdu(apduFromJson(json)), encoded);
      }),
      { seed: SEED, numRuns: 2000 },
    );
  });
});
