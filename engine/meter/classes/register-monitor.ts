import type { Data } from '../../codec/axdr/data.ts';
import { readAttributeData } from '../attribute-access.ts';
import { elementsOf } from '../schedule/schedule-data.ts';
import { dataToNumber } from '../values/value.ts';
import type { ClassLogic, Target } from './class-logic.ts';
import { monitoredNumber, runAction } from './monitored-value.ts';
import { isGiven } from './register.ts';

const THRESHOLDS = 2;
const MONITORED_VALUE = 3;
const ACTIONS = 4;
/** Thresholds of one monitor that are watched: one bit each. */
const MAX_THRESHOLDS = 31;

/** Thresholds a value lies above, one bit each. */
function bitsAbove(value: number, thresholds: readonly Data[]): number {
  return thresholds
    .slice(0, MAX_THRESHOLDS)
    .reduce((bits, threshold, index) => (value > dataToNumber(threshold) ? bits | (1 << index) : bits), 0);
}

function watch(target: Target): void {
  // Without actions nothing can happen.
  if (!isGiven(target, ACTIONS)) return;
  const { meter, object } = target;
  const value = monitoredNumber(target, readAttributeData(target, MONITORED_VALUE));
  if (Number.isNaN(value)) return;
  const thresholds = elementsOf(readAttributeData(target, THRESHOLDS));
  const above = bitsAbove(value, thresholds);
  const before = meter.remembered(object.index)?.above;
  if (above === before) return;
  meter.remember(object.index, { above });
  // The first look only tells where the value stands.
  if (before === undefined) return;
  const actions = elementsOf(readAttributeData(target, ACTIONS));
  for (const [index, action] of actions.entries()) {
    const bit = index < MAX_THRESHOLDS ? 1 << index : 0;
    const [up, down] = elementsOf(action);
    if ((above & bit) !== (before & bit)) runAction(target, (above & bit) !== 0 ? up : down);
  }
}

/** Register monitor (class 21, Blue Book 4.5.6): scripts when a value rises above or falls below a threshold. */
export const registerMonitor: ClassLogic = { act: watch };
