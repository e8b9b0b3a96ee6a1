import type { CosemObject } from '../blueprint.ts';

export const SCHEDULE = 10;
export const ACTIVITY_CALENDAR = 20;
export const SINGLE_ACTION_SCHEDULE = 22;

const SCHEDULING: ReadonlySet<number> = new Set([SCHEDULE, ACTIVITY_CALENDAR, SINGLE_ACTION_SCHEDULE]);

/** Objects of a model that make its meters do something by themselves; undefined if there are none. */
export function scheduleObjects(objects: readonly CosemObject[]): readonly CosemObject[] | undefined {
  const found = objects.filter(({ model }) => SCHEDULING.has(model.class));
  return found.length === 0 ? undefined : found;
}
