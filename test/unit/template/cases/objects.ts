import { meterWith, shortNameMeterWith } from '../support.ts';
import type { FindingCase } from './case.ts';

const clock = 'object clock 0-0:1.0.0.255 clock { rights: open }\n';

/** 5xx: objects. */
export const objectCases: readonly FindingCase[] = [
  {
    code: 'DLMS-501',
    bad: meterWith('object a 1-0:1.8.0.255 «registr» { rights: open }'),
    good: meterWith('object a 1-0:1.8.0.255 register { rights: open }'),
    suggests: 'register',
  },
  {
    code: 'DLMS-502',
    bad: meterWith('object a 1-0:1.8.0.255 register { rights: open   «scaler»: 10^0 Wh }'),
    good: meterWith('object a 1-0:1.8.0.255 register { rights: open   scaler_unit: 10^0 Wh }'),
    suggests: 'scaler_unit',
  },
  {
    code: 'DLMS-502',
    about: 'logical name',
    bad: meterWith('object a 1-0:1.8.0.255 register { rights: open   «logical_name»: 1 }'),
    says: 'stands in its head',
  },
  {
    code: 'DLMS-502',
    about: 'in an expression',
    bad: meterWith(`${clock}simulate { x: clock.«tiem» }`),
    good: meterWith(`${clock}simulate { x: clock.hour }`),
    suggests: 'time',
  },
  {
    code: 'DLMS-502',
    about: 'access block',
    bad: meterWith('object a 1-0:1.8.0.255 register { rights: open   access «valeu» { public: get } }'),
    good: meterWith('object a 1-0:1.8.0.255 register { rights: open   access value { public: get } }'),
    suggests: 'value',
  },
  {
    code: 'DLMS-503',
    bad: meterWith(
      'object a 1-0:99.1.0.255 profile-generic { rights: open   version: «5»   capture_objects: list.object_list }',
    ),
    good: meterWith(
      'object a 1-0:99.1.0.255 profile-generic { rights: open   version: 1   capture_objects: list.object_list }',
    ),
    says: 'known are 0, 1',
  },
  {
    code: 'DLMS-504',
    bad: meterWith(
      'object a 0-0:96.3.10.255 disconnect-control { rights: open   on «remote_disconect» { set: output_state, false } }',
    ),
    good: meterWith(
      'object a 0-0:96.3.10.255 disconnect-control { rights: open   on remote_disconnect { set: output_state, false } }',
    ),
    suggests: 'remote_disconnect',
  },
  {
    code: 'DLMS-505',
    bad: meterWith(
      'object a 1-0:1.8.0.255 register { rights: open }\nobject b «1-0:1.8.0.255» register { rights: open }',
    ),
    good: meterWith(
      'object a 1-0:1.8.0.255 register { rights: open }\nobject b 1-0:2.8.0.255 register { rights: open }',
    ),
  },
  {
    code: 'DLMS-506',
    bad: shortNameMeterWith(
      'object a 1-0:1.8.0.255 register { rights: open   base_name: 0x1000 }\nobject b 1-0:2.8.0.255 register { rights: open   base_name: «0x1010» }',
    ),
    good: shortNameMeterWith(
      'object a 1-0:1.8.0.255 register { rights: open   base_name: 0x1000 }\nobject b 1-0:2.8.0.255 register { rights: open   base_name: 0x1030 }',
    ),
    suggests: '0x1030',
  },
  {
    code: 'DLMS-507',
    bad: shortNameMeterWith('object a 1-0:1.8.0.255 register { rights: open   base_name: «0x1001» }'),
    good: shortNameMeterWith('object a 1-0:1.8.0.255 register { rights: open   base_name: 0x1000 }'),
    suggests: '0x1000',
  },
  {
    code: 'DLMS-508',
    bad: meterWith('object a 1-0:1.8.0.255 register { rights: open   «base_name: 0x1000» }'),
    good: meterWith('object a 1-0:1.8.0.255 register { rights: open }'),
  },
  {
    code: 'DLMS-509',
    bad: meterWith(
      `${clock}object p 1-0:99.1.0.255 profile-generic { rights: open   capture_objects: clock.time, «5» }`,
    ),
    good: meterWith(`${clock}object p 1-0:99.1.0.255 profile-generic { rights: open   capture_objects: clock.time }`),
    says: 'captures attributes',
  },
  {
    code: 'DLMS-509',
    about: 'nothing captured',
    bad: meterWith('object «p» 1-0:99.1.0.255 profile-generic { rights: open }'),
    says: 'captures nothing',
  },
  {
    code: 'DLMS-511',
    bad: meterWith('object «a» 1-0:1.8.0.255 register { }'),
    good: meterWith('object a 1-0:1.8.0.255 register { rights: open }'),
  },
  {
    code: 'DLMS-512',
    bad: meterWith('')
      .replace('meter m', 'meter «m»')
      .replace('object list 0-0:40.0.0.255 association-ln { rights: open }', ''),
    good: meterWith(''),
  },
];
