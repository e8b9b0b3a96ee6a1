import { ACSE_FIELDS } from './acse-fields.ts';
import { DATA_FIELDS, DATA_TYPE } from './data-fields.ts';
import type { Explanations } from './explanations.ts';
import { CONFORMANCE_FIELDS, INITIATE_FIELDS } from './initiate-fields.ts';
import { HDLC_FIELDS, TRANSPORT_FIELDS } from './link-fields.ts';
import { SECURITY_FIELDS } from './security-fields.ts';
import { BLOCK_FIELDS, SERVICE_FIELDS, SHORT_NAME_FIELDS } from './service-fields.ts';

const TABLES: readonly Explanations[] = [
  HDLC_FIELDS,
  TRANSPORT_FIELDS,
  ACSE_FIELDS,
  INITIATE_FIELDS,
  SERVICE_FIELDS,
  BLOCK_FIELDS,
  SHORT_NAME_FIELDS,
  SECURITY_FIELDS,
  DATA_FIELDS,
];
const BY_NAME: ReadonlyMap<string, string> = new Map(TABLES.flatMap((table) => Object.entries(table)));
/** Apart from the rest: `get`, `read` and others are bits here and could be anything elsewhere. */
const CONFORMANCE_BITS: ReadonlyMap<string, string> = new Map(Object.entries(CONFORMANCE_FIELDS));

const INDEX = /^\[\d+\]$/;
const CIPHERED = /^(glo|ded)-(.+)$/;
/** Services whose first field, `type`, is the form of the service. */
const SERVICES = /^(get|set|action)-(request|response)$/;
const INSIDE = 'inside: ';

/**
 * One plain sentence about a field: what it is for, its unit or range, what common values mean. `path` holds the names
 * from the outermost field down to this one. Undefined for a name that is not in the tables.
 */
export function explainField(path: readonly string[]): string | undefined {
  const name = path.at(-1);
  if (name === undefined) return undefined;
  const outer = path.slice(0, -1);
  const parent = outer.findLast((above) => !INDEX.test(above));
  if (parent === 'conformance bits') return CONFORMANCE_BITS.get(name);
  if (INDEX.test(name)) return explainElement(parent);
  if (name === 'tag') return 'Tag: says which element this is.';
  if (name === 'type') return SERVICES.test(withoutInside(parent ?? '')) ? BY_NAME.get('type') : DATA_TYPE;
  return BY_NAME.get(`${parentKey(parent)}/${name}`) ?? BY_NAME.get(name) ?? explainDerived(name, outer);
}

function explainElement(parent: string | undefined): string {
  if (parent === undefined) return 'An element of a list.';
  return `An element of ${withoutInside(parent)}, counted from 0.`;
}

/** Names that are made of another name. */
function explainDerived(name: string, outer: readonly string[]): string | undefined {
  if (name.startsWith(INSIDE)) {
    const explained = BY_NAME.get(name.slice(INSIDE.length));
    return `The APDU inside of the protection.${explained === undefined ? '' : ` ${explained}`}`;
  }
  if (name === 'length') return 'Octets that follow in this element.';
  if (name.startsWith('APDU in ')) return 'An APDU put together from the information fields of several frames.';
  if (name.startsWith('component ')) return BY_NAME.get('component');
  const ciphered = CIPHERED.exec(name);
  if (ciphered !== null) {
    const key = ciphered[1] === 'glo' ? 'global key' : 'dedicated key of the association';
    return `The APDU ${ciphered[2]}, ciphered with the ${key}.`;
  }
  const part = /^(.+) (length|presence|count)$/.exec(name);
  if (part === null || explainField([...outer, part[1]!]) === undefined) return undefined;
  if (part[2] === 'length') return `Length of ${part[1]} in octets.`;
  if (part[2] === 'count') return `Number of elements of ${part[1]}.`;
  return `Whether ${part[1]} is there: 0 absent, otherwise present.`;
}

function parentKey(parent: string | undefined): string {
  const name = withoutInside(parent ?? '');
  return name.startsWith('component ') ? 'component' : name;
}

function withoutInside(name: string): string {
  return name.startsWith(INSIDE) ? name.slice(INSIDE.length) : name;
}
