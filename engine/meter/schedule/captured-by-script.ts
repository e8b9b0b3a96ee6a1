import { templateData } from '../attribute-access.ts';
import type { Target } from '../classes/class-logic.ts';
import { elementsOf, numberIn, octetsIn } from './schedule-data.ts';

const SCRIPT_TABLE = 9;
const SCRIPTS = 2;
const EXECUTE = 2;
const PROFILE_GENERIC = 7;
const CAPTURE = 2;

/**
 * Whether the template has a script that captures a profile, and schedules to execute it: its rows are those the meter
 * captured from when it was switched on. Worked out once for a model.
 */
export function isCapturedByScript({ meter, object, time }: Target): boolean {
  const { blueprint } = meter;
  if (blueprint.schedules === undefined) return false;
  blueprint.capturedByScript ??= new Set(
    blueprint.objects
      .filter(({ model }) => model.class === SCRIPT_TABLE)
      .flatMap((table) => elementsOf(templateData({ meter, object: table, time }, SCRIPTS)))
      .flatMap((script) => elementsOf(elementsOf(script)[1]))
      .flatMap((action) => {
        const [service, classId, name, index] = elementsOf(action);
        const captures =
          numberIn(service) === EXECUTE && numberIn(classId) === PROFILE_GENERIC && numberIn(index) === CAPTURE;
        const logicalName = octetsIn(name);
        const profile =
          captures && logicalName !== undefined ? blueprint.findByOctets(PROFILE_GENERIC, logicalName) : undefined;
        return profile === undefined ? [] : [profile.index];
      }),
  );
  return blueprint.capturedByScript.has(object.index);
}
