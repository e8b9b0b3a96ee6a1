/**
 * Names for the values of attributes that are enumerations, as the template language writes them (`sort_method: fifo`)
 * and as values are shown. Source: Blue Book 4, descriptions of the classes.
 */

/** Value -> name in kebab-case. */
export type Enumeration = ReadonlyMap<number, string>;

const enumeration = (names: Readonly<Record<number, string>>): Enumeration =>
  new Map(Object.entries(names).map(([value, name]) => [Number(value), name] as const));

const fromZero = (...names: readonly string[]): Enumeration => new Map(names.map((name, value) => [value, name]));

/** Profile generic, how the buffer is ordered. */
export const sortMethods = enumeration({
  1: 'fifo',
  2: 'lifo',
  3: 'largest',
  4: 'smallest',
  5: 'nearest-to-zero',
  6: 'farthest-from-zero',
});

/** Clock, where the time comes from. */
export const clockBases = fromZero(
  'not-defined',
  'internal-crystal',
  'mains-50-hz',
  'mains-60-hz',
  'gps',
  'radio-controlled',
);

/** Disconnect control, what the breaker and the remote side agreed on. */
export const controlStates = fromZero('disconnected', 'connected', 'ready-for-reconnection');

/** Association LN. */
export const associationStatuses = fromZero('non-associated', 'association-pending', 'associated');

/** Image transfer. */
export const imageTransferStatuses = fromZero(
  'not-initiated',
  'initiated',
  'verification-initiated',
  'verification-successful',
  'verification-failed',
  'activation-initiated',
  'activation-successful',
  'activation-failed',
);

/** Local port and HDLC setup: index -> baud. */
export const baudRates = fromZero('300', '600', '1200', '2400', '4800', '9600', '19200', '38400', '57600', '115200');

/** IEC local port setup, how the port opens. */
export const localPortModes = fromZero('mode-e', 'hdlc', 'not-specified');

/** IEC local port setup. */
export const responseTimes = fromZero('20-ms', '200-ms');

/** Single action schedule: how often, and whether dates and times may have wildcards. */
export const scheduleTypes = enumeration({
  1: 'once-or-wildcard-date',
  2: 'several-equal-times-wildcard-dates',
  3: 'several-equal-times-no-wildcards',
  4: 'several-times-wildcard-dates',
  5: 'several-times-no-wildcards',
});

/** Security setup version 0. */
export const securityPolicies = fromZero('none', 'authenticated', 'encrypted', 'authenticated-and-encrypted');

/** Security setup: algorithms of the three suites (Blue Book 4, class 64). */
export const securitySuites = fromZero('aes-gcm-128', 'aes-gcm-128-ecdsa-p-256', 'aes-gcm-256-ecdsa-p-384');

/** M-Bus client version 1. */
export const encryptionKeyStatuses = fromZero(
  'no-key',
  'key-set',
  'key-transferred',
  'key-set-and-transferred',
  'key-in-use',
);

/** Push setup, first element of send_destination_and_method. */
export const transportServices = fromZero(
  'tcp',
  'udp',
  'ftp',
  'smtp',
  'sms',
  'hdlc',
  'm-bus',
  'zigbee',
  'dlms-gateway',
  'reliable-coap',
  'unreliable-coap',
);

interface EnumeratedAttribute {
  readonly classId: number;
  readonly attribute: number;
  /** Versions the names hold for; all if absent. */
  readonly versions?: readonly number[];
  readonly values: Enumeration;
}

const attributes: readonly EnumeratedAttribute[] = [
  { classId: 7, attribute: 5, values: sortMethods },
  { classId: 8, attribute: 9, values: clockBases },
  { classId: 15, attribute: 8, values: associationStatuses },
  { classId: 18, attribute: 6, values: imageTransferStatuses },
  { classId: 19, attribute: 2, values: localPortModes },
  { classId: 19, attribute: 3, values: baudRates },
  { classId: 19, attribute: 4, values: baudRates },
  { classId: 19, attribute: 5, values: responseTimes },
  { classId: 22, attribute: 3, values: scheduleTypes },
  { classId: 23, attribute: 2, values: baudRates },
  { classId: 64, attribute: 2, versions: [0], values: securityPolicies },
  { classId: 64, attribute: 3, values: securitySuites },
  { classId: 70, attribute: 3, values: controlStates },
  { classId: 72, attribute: 14, versions: [1], values: encryptionKeyStatuses },
];

/** The names of an attribute's values; undefined if it is no known enumeration. Without `version` any version fits. */
export function enumerationOf(classId: number, attribute: number, version?: number): Enumeration | undefined {
  return attributes.find(
    (item) =>
      item.classId === classId &&
      item.attribute === attribute &&
      (version === undefined || item.versions === undefined || item.versions.includes(version)),
  )?.values;
}

/** The value of a name, case-insensitive and with `_` for `-`: `fifo` -> 1. */
export function enumerationValue(values: Enumeration, name: string): number | undefined {
  const plain = name.toLowerCase().replaceAll('_', '-');
  for (const [value, known] of values) if (known === plain) return value;
  return undefined;
}

/** Bits of security_policy, Security setup version 1 (Blue Book 4, class 64): bit -> name, as the template language writes them. */
export const securityPolicyBits: Enumeration = enumeration({
  2: 'authenticated-request',
  3: 'encrypted-request',
  4: 'signed-request',
  5: 'authenticated-response',
  6: 'encrypted-response',
  7: 'signed-response',
});

/** Names of the set bits of a version 1 security policy. */
export function securityPolicyNames(policy: number): string[] {
  return [...securityPolicyBits].filter(([bit]) => (policy & (1 << bit)) !== 0).map(([, name]) => name);
}

/** The version 1 security policy of bit names; unknown names count nothing. */
export function securityPolicyMask(names: readonly string[]): number {
  return names.reduce((mask, name) => {
    const bit = enumerationValue(securityPolicyBits, name);
    return bit === undefined ? mask : mask | (1 << bit);
  }, 0);
}
