import { type ClassLogic, SUCCESS } from './class-logic.ts';

const PUSH = 1;

/**
 * Push setup (class 40, Blue Book 4.4.8). `push` hands the order to whoever has a way out; what can never be sent is
 * refused, and without a way out the push is lost, as on a line nobody is connected to.
 */
export const pushSetup: ClassLogic = {
  write({ meter }) {
    // A destination makes a meter one that has to act without being asked.
    meter.rescheduled?.();
    return undefined;
  },
  invoke({ meter, object, time }, method) {
    if (method !== PUSH) return undefined;
    return meter.outbox?.({ object, time }) === undefined ? SUCCESS : { result: 'other-reason' };
  },
};
