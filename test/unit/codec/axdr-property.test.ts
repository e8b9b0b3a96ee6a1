import assert from 'node:assert/strict';
import fc from 'fast-check';
import { decodeApdu, encodeApdu } from '../../../engine/codec/apdu-codec.ts';
import { dataFromJson, dataToJson } from '../../../engine/codec/axdr/data-json.ts';
import { decodeData } from '../../../engine/codec/axdr/decode-data.ts';
import { encodeData } from '../../../engine/codec/axdr/encode-data.ts';
import { data } from './axdr-arbitrary.ts';
import { assertFieldsTile } from './field-coverage.ts';

const SEED = 20261123;

describe(`properties of Data (seed ${SEED})`, () => {
  it('any value decodes from its encoding, without deviation, and its fields tile the octets', () => {
    fc.assert(
      fc.property(data, (value) => {
        const encoded = encodeData(value);
        const decoded = decodeData(encoded, { strict: true, fields: true });
        assert.ok(decoded.ok);
        assert.deepEqual(decoded.value, value);
        assertFieldsTile(decoded.fields ?? [], encoded.length);
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });

  it('any value survives JSON', () => {
    fc.assert(
      fc.property(data, (value) => {
        assert.deepEqual(dataFromJson(JSON.parse(JSON.stringify(dataToJson(value)))), value);
      }),
      { seed: SEED, numRuns: 1000 },
    );
  });

  it('any octets are refused or come back', () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 80 }), (input) => {
        const decoded = decodeData(input);
        if (decoded.ok) assert.deepEqual(encodeData(decoded.value), input);
        const apdu = decodeApdu(input);
        if (apdu.ok) assert.deepEqual(encodeApdu(apdu.value), input);
      }),
      { seed: SEED, numRuns: 3000 },
    );
  });
});
