import { activityCalendar } from './activity-calendar.ts';
import { associationLn } from './association-ln.ts';
import { associationSn } from './association-sn.ts';
import type { ClassLogic } from './class-logic.ts';
import { clock } from './clock.ts';
import { compactData } from './compact-data.ts';
import { counters } from './counters.ts';
import { demandRegister } from './demand-register.ts';
import { disconnectControl } from './disconnect-control.ts';
import { hdlcSetup } from './hdlc-setup.ts';
import { imageTransfer } from './image-transfer.ts';
import { autoConnect, ipv4Setup, ipv6Setup } from './ip-setup.ts';
import { limiter } from './limiter.ts';
import { mBusClient } from './mbus-client.ts';
import { parameterMonitor } from './parameter-monitor.ts';
import { iecLocalPortSetup, macAddressSetup, tcpUdpSetup } from './port-setup.ts';
import { profileGeneric } from './profile-generic.ts';
import { pushSetup } from './push-setup.ts';
import { extendedRegister, register } from './register.ts';
import { registerActivation } from './register-activation.ts';
import { registerMonitor } from './register-monitor.ts';
import { sapAssignment } from './sap-assignment.ts';
import { schedule } from './schedule.ts';
import { scriptTable } from './script-table.ts';
import { securitySetup } from './security-setup.ts';
import { singleActionSchedule } from './single-action-schedule.ts';
import { specialDaysTable } from './special-days.ts';

const NO_LOGIC: ClassLogic = {};

const logics: ReadonlyMap<number, ClassLogic> = new Map([
  [3, register],
  [4, extendedRegister],
  [5, demandRegister],
  [6, registerActivation],
  [7, profileGeneric],
  [8, clock],
  [9, scriptTable],
  [10, schedule],
  [11, specialDaysTable],
  [12, associationSn],
  [15, associationLn],
  [17, sapAssignment],
  [18, imageTransfer],
  [19, iecLocalPortSetup],
  [20, activityCalendar],
  [21, registerMonitor],
  [22, singleActionSchedule],
  [23, hdlcSetup],
  [29, autoConnect],
  [40, pushSetup],
  [41, tcpUdpSetup],
  [42, ipv4Setup],
  [43, macAddressSetup],
  [48, ipv6Setup],
  [53, counters],
  [62, compactData],
  [64, securitySetup],
  [65, parameterMonitor],
  [70, disconnectControl],
  [71, limiter],
  [72, mBusClient],
  [77, counters],
  [80, counters],
  [81, counters],
  [84, counters],
  [85, counters],
  [90, counters],
  [153, counters],
]);

/** What a class does; classes without logic keep values. */
export function classLogic(classId: number): ClassLogic {
  return logics.get(classId) ?? NO_LOGIC;
}
