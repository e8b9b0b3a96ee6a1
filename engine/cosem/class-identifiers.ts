/** Identifiers that do not follow from the Blue Book name, because that begins with a digit. By class id. */
const OWN_IDENTIFIERS: Readonly<Record<number, string>> = {
  80: 'prime-llc-sscs-setup',
};

/** Names people use for a class besides the one made from its Blue Book name. */
export const identifierAliases: Readonly<Record<string, string>> = {
  'association-logical-name': 'association-ln',
  'association-short-name': 'association-sn',
  'data-protection': 'cosem-data-protection',
  disconnector: 'disconnect-control',
  'hdlc-setup': 'iec-hdlc-setup',
  'local-port-setup': 'iec-local-port-setup',
  'mbus-client': 'm-bus-client',
  'mbus-slave-port-setup': 'm-bus-slave-port-setup',
  'mbus-master-port-setup': 'm-bus-master-port-setup',
  'mbus-diagnostic': 'm-bus-diagnostic',
  profile: 'profile-generic',
  'sts-attributes': 'iec-62055-41-attributes',
  'tcp-setup': 'tcp-udp-setup',
  'udp-setup': 'tcp-udp-setup',
};

/** `ISO/IEC 8802-2 LLC Type 1 setup` -> `iso-iec-8802-2-llc-type-1-setup`. */
export function kebabCase(name: string): string {
  return name
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .replace(/^-|-$/g, '');
}

/** The name of a class version in the template language. */
export function classIdentifier(id: number, name: string): string {
  return OWN_IDENTIFIERS[id] ?? kebabCase(name);
}
