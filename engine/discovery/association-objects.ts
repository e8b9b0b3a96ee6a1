import { mechanismOfId } from '../codec/acse/names.ts';
import type { Data } from '../codec/axdr/data.ts';
import type { ObjectListEntry } from '../cosem/object-list.ts';
import type { AttributeAddress } from '../session/association.ts';
import { elementsOf, integerOf } from '../session/object-list.ts';
import type { Reading, SafeReader } from './safe-reading.ts';
import type { AssociationFinding, Fact } from './types.ts';

const ASSOCIATION_LN = 15;
const SECURITY_SETUP = 64;
/** The association one is in appears under this name beside its own. */
const CURRENT = '0-0:40.0.0.255';
/** Associations looked at on one meter. */
const MAX_ASSOCIATIONS = 16;

/** What the association and security objects of a meter say about its other associations. */
export interface ReadAssociations {
  readonly associations: readonly AssociationFinding[];
  readonly suite?: Fact<0 | 1 | 2>;
  readonly systemTitle?: Fact<string>;
}

/** Reads associated partners, context and mechanism of every association object, and suite and title of every security setup. */
export async function readAssociations(
  reader: SafeReader,
  objects: readonly ObjectListEntry[],
): Promise<ReadAssociations> {
  const listed = objects
    .filter((object) => object.classId === ASSOCIATION_LN && object.logicalName !== CURRENT)
    .slice(0, MAX_ASSOCIATIONS);
  const associations: AssociationFinding[] = [];
  for (const object of listed) {
    const [partners, context, xdlms, mechanism] = await reader.read(
      [3, 4, 5, 6].map((index) => addressOf(object, index)),
    );
    const finding = associationOf(partners, context, xdlms, mechanism);
    if (finding !== undefined && !associations.some((known) => known.clientSap === finding.clientSap))
      associations.push(finding);
  }
  return { associations, ...(await readSecuritySetups(reader, objects)) };
}

async function readSecuritySetups(
  reader: SafeReader,
  objects: readonly ObjectListEntry[],
): Promise<Pick<ReadAssociations, 'suite' | 'systemTitle'>> {
  let suite: Fact<0 | 1 | 2> | undefined;
  let systemTitle: Fact<string> | undefined;
  for (const object of objects.filter((item) => item.classId === SECURITY_SETUP).slice(0, MAX_ASSOCIATIONS)) {
    const [suiteReading, titleReading] = await reader.read([3, 5].map((index) => addressOf(object, index)));
    const value = integerOf(suiteReading?.data);
    // The strongest suite is the one that tells models apart.
    if (suiteReading !== undefined && (value === 0 || value === 1 || value === 2) && value >= (suite?.value ?? 0))
      suite = { value, origin: 'read', evidence: suiteReading.evidence };
    const title = titleReading?.data;
    if (titleReading !== undefined && title?.t === 'octet-string' && title.v.length === 8)
      systemTitle ??= {
        value: Buffer.from(title.v).toString('hex').toUpperCase(),
        origin: 'read',
        evidence: titleReading.evidence,
      };
  }
  return { ...(suite === undefined ? {} : { suite }), ...(systemTitle === undefined ? {} : { systemTitle }) };
}

/** An association from attributes 3 to 6 of class 15 (BB 4.4.4); undefined unless partners and mechanism are there. */
function associationOf(
  partners: Reading | undefined,
  context: Reading | undefined,
  xdlms: Reading | undefined,
  mechanism: Reading | undefined,
): AssociationFinding | undefined {
  const [client, server] = elementsOf(partners?.data).map(integerOf);
  const mechanismId = lastArc(mechanism?.data);
  if (client === undefined || mechanismId === undefined) return undefined;
  const name = mechanismOfId(mechanismId);
  if (name === undefined) return undefined;
  const contextId = lastArc(context?.data);
  const maxReceive = integerOf(elementsOf(xdlms?.data)[1]);
  return {
    // The client SAP is a signed octet in the book (BB 4.4.4 associated_partners_type).
    clientSap: client & 0xff,
    serverSap: server ?? 1,
    mechanism: name,
    ciphered: contextId === 3 || contextId === 4,
    origin: 'read',
    established: false,
    ...(maxReceive === undefined ? {} : { maxPdu: maxReceive }),
  };
}

/** Last arc of a context or mechanism name, which is a structure of arcs or the content of an OBJECT IDENTIFIER. */
function lastArc(data: Data | undefined): number | undefined {
  if (data?.t === 'octet-string') return data.v.at(-1);
  return integerOf(elementsOf(data).at(-1));
}

export function addressOf(object: ObjectListEntry, index: number): AttributeAddress {
  return {
    class: object.classId,
    obis: object.logicalName,
    index,
    ...(object.baseName === undefined ? {} : { baseName: object.baseName }),
  };
}
