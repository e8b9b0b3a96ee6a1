/** What value group C says where it is no quantity: the area of an abstract object, and the areas all media share. */

/** C above 90 has the same meaning for every medium (Blue Book 7.3, 7.4). */
const COMMON_C: ReadonlyMap<number, string> = new Map([
  [0, 'general purpose'],
  [93, 'consortia specific'],
  [94, 'country specific'],
  [96, 'general and service entry'],
  [97, 'errors'],
  [98, 'list'],
  [99, 'profile'],
  [127, 'inactive object'],
]);

const ABSTRACT_C: ReadonlyMap<number, string> = new Map([
  [1, 'clock'],
  [2, 'modem'],
  [10, 'script table'],
  [11, 'special days table'],
  [12, 'schedule'],
  [13, 'activity calendar'],
  [14, 'register activation'],
  [15, 'single action schedule'],
  [16, 'register or parameter monitor'],
  [17, 'limiter'],
  [18, 'array manager'],
  [19, 'payment metering'],
  [20, 'local port setup'],
  [21, 'standard readout'],
  [22, 'HDLC setup'],
  [23, 'twisted pair setup'],
  [24, 'M-Bus'],
  [25, 'internet and mobile setup'],
  [26, 'S-FSK PLC setup'],
  [27, 'ISO/IEC 8802-2 LLC setup'],
  [28, 'PRIME PLC setup'],
  [29, 'G3-PLC setup'],
  [30, 'ZigBee setup'],
  [31, 'wireless mode Q'],
  [33, 'HS-PLC setup'],
  [40, 'association'],
  [41, 'SAP assignment'],
  [42, 'logical device name'],
  [43, 'security'],
  [44, 'image transfer, function control, port protection'],
  [65, 'utility table'],
  [66, 'compact data'],
]);

/** The area of objects that C stands for; undefined where C is a quantity of the medium or reserved. */
export function areaOf(a: number, c: number): string | undefined {
  return (a === 0 ? ABSTRACT_C.get(c) : undefined) ?? COMMON_C.get(c);
}
