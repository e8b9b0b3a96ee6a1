import type { AssociationModel, Expression, MeterModel, ObjectModel } from '../../../../engine/template/model.ts';

/** Hand-made models for tests: what a compiled template looks like, without the language. */

export const number = (value: number): Expression => ({ k: 'number', value });
export const text = (value: string): Expression => ({ k: 'text', value });
export const ref = (path: string): Expression => ({ k: 'ref', path });
export const call = (name: string, args: Expression[] = [], named: Record<string, Expression> = {}): Expression => ({
  k: 'call',
  name,
  args,
  named,
});
export const plus = (left: Expression, right: Expression): Expression => ({ k: 'binary', op: '+', left, right });

export function association(part: Partial<AssociationModel> & { readonly name: string }): AssociationModel {
  return {
    clientSap: 16,
    serverSap: 1,
    mechanism: 'lowest',
    context: 'LN',
    ciphering: false,
    conformance: ['get', 'block-transfer-with-get-or-read'],
    maxPdu: 1024,
    ...part,
  };
}

export function object(part: Partial<ObjectModel> & { readonly name: string; readonly obis: string }): ObjectModel {
  return {
    class: 1,
    version: 0,
    attributes: {},
    access: { public: { get: [] }, reader: { get: [] }, management: { get: [], set: [], action: [] } },
    settings: {},
    ...part,
  };
}

const LOAD: Expression = call('household', [], { base: number(200), peak: number(5000), people: number(3) });

export const standardObjects: readonly ObjectModel[] = [
  object({
    name: 'ldn',
    obis: '0-0:42.0.0.255',
    attributes: { 2: { type: 'octet-string', value: ref('identity.logical_device_name') } },
  }),
  object({
    name: 'serial_number',
    obis: '0-0:96.1.0.255',
    attributes: { 2: { type: 'octet-string', value: ref('identity.serial') } },
  }),
  object({
    name: 'clock',
    obis: '0-0:1.0.0.255',
    class: 8,
    attributes: { 2: { value: call('simulated') }, 3: { type: 'long', value: number(-60) } },
  }),
  object({
    name: 'active_power',
    obis: '1-0:1.7.0.255',
    class: 3,
    attributes: {
      2: { type: 'double-long-unsigned', value: ref('simulate.load') },
      3: { value: { k: 'scaler-unit', scaler: 0, unit: 'W' } },
    },
  }),
  object({
    name: 'active_import',
    obis: '1-0:1.8.0.255',
    class: 3,
    attributes: {
      2: { type: 'double-long-unsigned', value: plus(number(1_000_000), call('integrate', [ref('simulate.load')])) },
      3: { value: { k: 'scaler-unit', scaler: 0, unit: 'Wh' } },
    },
    access: { reader: { get: [] }, management: { get: [], set: [] } },
  }),
];

export function meterModel(part: Partial<MeterModel> = {}): MeterModel {
  return {
    name: 'test_meter',
    derivedFrom: [],
    identity: {
      vendor: 'Acme',
      flag: 'ACM',
      model: 'A1',
      firmware: '1.2.3',
      serial: '{n:08}',
      logicalDeviceName: '{flag}{model}{serial}',
      cosemVersion: 6,
      properties: {},
    },
    referencing: 'LN',
    transports: [
      { name: 'lan', kind: 'tcp', framing: 'wrapper', port: 4059, serverWPort: 1, sessions: 0, idleTimeoutMs: 0 },
    ],
    hdlc: {
      addressBytes: 1,
      serverUpper: 1,
      serverLower: number(17),
      maxInfoTransmit: 128,
      maxInfoReceive: 128,
      windowTransmit: 1,
      windowReceive: 1,
      inactivityTimeoutMs: 0,
    },
    securities: [],
    associations: [
      association({ name: 'public' }),
      association({
        name: 'reader',
        clientSap: 2,
        mechanism: 'lls',
        secret: { literal: '12345678', encoding: 'text' },
        conformance: ['get', 'selective-access', 'block-transfer-with-get-or-read', 'multiple-references'],
      }),
    ],
    simulate: { load: LOAD },
    objects: standardObjects,
    quirks: [],
    faults: [],
    ...part,
  };
}
