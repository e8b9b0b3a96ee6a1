import type { Data } from '../codec/axdr/data.ts';
import type { ClassAttribute } from '../cosem/classes.ts';
import { scalerUnit, toData } from './values/to-data.ts';

/** Unit 255: no unit (Blue Book 4.3.2). */
const NO_UNIT = 255;
/** Every part "not specified": year FFFF, deviation 8000. */
const UNSPECIFIED_DATE_TIME = Uint8Array.of(0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0x80, 0, 0xff);

/** Well-typed value of an attribute neither template nor class say anything about. */
export function defaultData(attribute: ClassAttribute): Data {
  if (attribute.form === 'scaler-unit') return scalerUnit(0, NO_UNIT);
  if (attribute.form === 'date-time') {
    return { t: attribute.type === 'date-time' ? 'date-time' : 'octet-string', v: UNSPECIFIED_DATE_TIME };
  }
  return attribute.type === 'choice' ? { t: 'null-data' } : toData(undefined, attribute.type);
}
