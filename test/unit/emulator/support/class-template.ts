import { allClasses, type InterfaceClass } from '../../../../engine/cosem/classes.ts';

/** Client SAPs of the two associations, and the logical devices they are with. */
export const LN_CLIENT = 32;
export const SN_CLIENT = 33;

/** Classes whose attributes the table knows. */
export const COMPLETE: readonly InterfaceClass[] = allClasses().filter(({ complete }) => complete);

export function objectName({ id, version }: InterfaceClass): string {
  return `class_${id}_v${version}`;
}

/** Codes are the manufacturer's own (BB 6.1), so that they tie no object to a class. */
export function obisOf(item: InterfaceClass): string {
  return `0-1:128.${COMPLETE.indexOf(item)}.0.255`;
}

/** What some classes need to be more than empty. */
const SETTINGS: Readonly<Record<number, string>> = {
  7: 'capture_objects: class_3_v0.value   capture_period: 0   profile_entries: 10',
  18: 'image_transfer_enabled: true',
  64: 'of: guard',
  70: 'output_state: true   control_state: connected   control_mode: 4',
};

function objectText(item: InterfaceClass): string {
  const { identifier, version, id } = item;
  // A class whose value may be of any type has to be told one.
  const choices = item.attributes.filter(({ type, index }) => type === 'choice' && index > 1);
  const values = choices.map(({ name }) => `${name}: long-unsigned = 7`).join('   ');
  return `  object ${objectName(item)} ${obisOf(item)} ${identifier} { rights: all   version: ${version}   ${values}   ${SETTINGS[id] ?? ''} }`;
}

/** A meter with an object of every class and version there is, seen by logical names and by short names. */
export function classTemplate(): string {
  return `meter classes {
  identity { vendor: "Test"   flag: "MTX"   model: "C1"   firmware: "1"   serial: "{n:08}"   logical_device_name: "MTX{serial}"   referencing: both }
  transport lan tcp { framing: wrapper   port: 4059 }
  security guard suite 0 { global_unicast_key: secret("k/guek")   authentication_key: secret("k/gak")   master_key: secret("k/kek") }
  association names { client: ${LN_CLIENT}   server: 1   authentication: none   context: LN, no-ciphering   conformance: get, set, action, multiple-references, selective-access, block-transfer-with-get-or-read, block-transfer-with-set-or-write, block-transfer-with-action   max_pdu: 0 }
  association short { client: ${SN_CLIENT}   server: 1   authentication: none   context: SN, no-ciphering   conformance: read, write, multiple-references, parameterized-access, block-transfer-with-get-or-read, block-transfer-with-set-or-write   max_pdu: 0 }
  rights all { names: get, set, action   short: get, set, action }
  object association_ln 0-0:40.0.0.255 association-ln { rights: all   version: 3 }
  object association_sn 0-0:40.0.0.255 association-sn { rights: all   version: 4   base_name: 0xFA00 }
${COMPLETE.map(objectText).join('\n')}
}
`;
}
