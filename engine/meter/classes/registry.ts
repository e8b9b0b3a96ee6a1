import type { ClassLogic } from './class-logic.ts';
import { clock } from './clock.ts';

const NO_LOGIC: ClassLogic = {};

const logics: ReadonlyMap<number, ClassLogic> = new Map([[8, clock]]);

/** What a class does; classes without logic keep values. */
export function classLogic(classId: number): ClassLogic {
  return logics.get(classId) ?? NO_LOGIC;
}
