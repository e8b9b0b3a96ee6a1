import type { Aare } from '../codec/acse/types.ts';
import { describeAttributeAccess } from '../cosem/access-rights.ts';
import { nameObis } from '../cosem/obis/name.ts';
import type { ObjectListEntry } from '../cosem/object-list.ts';
import { asSessionError } from '../session/errors.ts';
import { readAssociations } from './association-objects.ts';
import type { Attempt } from './attempt.ts';
import { PUBLIC_CLIENT } from './candidates.ts';
import { Contact, type ContactOptions } from './contact.ts';
import { detectFraming } from './detect-framing.ts';
import { type ExaminedClient, examineClient } from './examine-client.ts';
import { FindingBuilder } from './finding-builder.ts';
import { readIdentity } from './identity.ts';
import { SafeReader } from './safe-reading.ts';
import { type FoundClients, searchClients } from './search-clients.ts';
import type { MeterFinding, ObjectFinding } from './types.ts';

export interface ProbeOptions extends ContactOptions {
  /** How the target was named. */
  readonly host: string;
}

/**
 * Looks at one open port until it is clear what is there: framing, referencing, associations and what they ask for,
 * identity, objects. Read-only, without passwords, within the limits of `Contact`. Never rejects: whatever happens
 * becomes part of the finding.
 */
export async function probeMeter(options: ProbeOptions): Promise<MeterFinding> {
  const contact = new Contact(options);
  const builder = new FindingBuilder(contact, options.host);
  try {
    await look(contact, builder);
    await contact.closeLink();
  } catch (error) {
    const failure = asSessionError(error);
    if (failure === undefined) throw error;
    builder.broken(failure);
  } finally {
    contact.drop();
  }
  return builder.finish();
}

async function look(contact: Contact, builder: FindingBuilder): Promise<void> {
  const found = await detectFraming(contact);
  if (found.framing === undefined) {
    builder.notSpoken(found.heard, found.description);
    return;
  }
  const { framing } = found;
  builder.framing(framing, found.evidence);
  const seen = new Set<number>();
  const examine = async (client: number, waitMs: number, known: Attempt | undefined): Promise<boolean> => {
    seen.add(client);
    const from = contact.evidence.records.length;
    const examined = await examineClient(contact, framing, client, {
      waitMs,
      ...(builder.referencing === undefined ? {} : { referencing: builder.referencing }),
      ...(known === undefined ? {} : { known }),
    });
    builder.client(examined, [...(known === undefined ? [] : found.evidence), ...contact.evidence.since(from)]);
    return holdAndRead(contact, builder, examined);
  };
  const examineAll = async (clients: FoundClients): Promise<void> => {
    for (const [client, aare] of clients) if (!seen.has(client)) await examine(client, limitMs, rejectionIn(aare));
  };
  const { patience } = contact;
  const { limitMs } = patience;
  // The public client first: what it may read answers most other questions, whatever way the framing was found.
  const publicKnown = found.clients.has(PUBLIC_CLIENT);
  if (await examine(PUBLIC_CLIENT, publicKnown ? limitMs : patience.searchMs, found.publicAttempt)) return;
  await examineAll(found.clients);
  // How long silence is waited for is known better now than at the start.
  if (contact.mayAuthenticate) await examineAll(await searchClients(contact, framing, [...seen], patience.searchMs));
}

/** A rejection need not be asked for again. */
function rejectionIn(aare: Aare | undefined): Attempt | undefined {
  return aare === undefined || aare.result === 'accepted' ? undefined : { outcome: 'rejected', aare };
}

/**
 * Reads through an association that could be opened without authentication, once per meter, and releases it. True when
 * the meter has told about its other associations itself.
 */
async function holdAndRead(contact: Contact, builder: FindingBuilder, examined: ExaminedClient): Promise<boolean> {
  const { opened } = examined;
  if (opened === undefined) return false;
  try {
    return builder.hasObjects ? false : await readThrough(contact, builder, examined);
  } catch (error) {
    const failure = asSessionError(error);
    if (failure === undefined || failure.code === 'cancelled' || failure.code === 'limit') throw error;
    builder.interrupted(failure);
    return false;
  } finally {
    contact.evidence.step(`release:client${examined.client}`);
    await opened.association.release(contact.patience.searchMs);
  }
}

async function readThrough(contact: Contact, builder: FindingBuilder, { opened }: ExaminedClient): Promise<boolean> {
  if (opened === undefined) return false;
  const { association } = opened;
  const { referencing, hdlcParameters } = association;
  if (hdlcParameters !== undefined) builder.hdlcParameters(hdlcParameters);
  const reader = new SafeReader(association, contact);
  const objects = await reader.objects();
  builder.objects(objects.map(findingOf));
  builder.identity(await readIdentity(reader, objects, referencing));
  if (referencing === 'SN') return false;
  const read = await readAssociations(reader, objects);
  builder.readAssociations(read);
  return read.associations.some((item) => item.clientSap !== PUBLIC_CLIENT);
}

function findingOf(object: ObjectListEntry): ObjectFinding {
  const rights = object.attributes?.filter((right) => right.access.read || right.access.write);
  return {
    obis: object.logicalName,
    class: object.classId,
    version: object.version,
    ...(object.baseName === undefined ? {} : { baseName: object.baseName }),
    name: nameObis(object.logicalName, { classId: object.classId }).name,
    ...(rights === undefined
      ? {}
      : { access: Object.fromEntries(rights.map((right) => [right.index, describeAttributeAccess(right.access)])) }),
  };
}
