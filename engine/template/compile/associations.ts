import { conformanceBits } from '../../cosem/conformance.ts';
import type { AssociationModel, IdentityModel, Referencing, SecretReference, TransportModel } from '../model.ts';
import { durationValue, integerValue } from '../semantics/literals.ts';
import type { ResolvedMember } from '../semantics/resolve.ts';
import type { MeterScope, Place } from '../semantics/scope.ts';
import { suggestWords } from '../suggest.ts';
import type { ItemNode, PropertyNode } from '../syntax/tree.ts';
import { blockSpec } from '../vocabulary/blocks.ts';
import { type MechanismWord, mechanismWords } from '../vocabulary/words.ts';
import { knownWord, type PropertyReader, readProperties, secretOf } from './read.ts';
import type { CompiledSecurity } from './securities.ts';

/** What other parts of the meter say about its associations. */
export interface AssociationSurroundings {
  readonly referencing: Referencing;
  readonly securities: readonly CompiledSecurity[];
  readonly transports: readonly TransportModel[];
  readonly identity: IdentityModel;
}

const DEFAULT_MAX_PDU = 1224;
/** The client address of an HDLC frame has one octet, 7 bits of it address; the highest is for all stations. */
const MAX_HDLC_CLIENT = 0x7e;

/** Compiles the associations of a meter. */
export function compileAssociations(scope: MeterScope, around: AssociationSurroundings): readonly AssociationModel[] {
  const members = [...(scope.meter.members.get('association')?.values() ?? [])];
  const result = members.map((member) => compileAssociation(member, scope, around));
  if (scope.complete && members.length === 0) {
    scope.reportHere('DLMS-610', `Meter '${scope.meter.declaration.name}' has no association, so nobody can read it.`, {
      hint: "Add for example 'association public { client: 16   authentication: none   conformance: get }'.",
    });
  }
  checkClients(members, result, scope);
  return result;
}

function compileAssociation(
  member: ResolvedMember,
  scope: MeterScope,
  around: AssociationSurroundings,
): AssociationModel {
  const spec = blockSpec('association');
  if (spec === undefined) throw new Error('the vocabulary has no association block');
  const read = readProperties(spec, member.properties, scope);
  const own = scope.place(member.base.origin);
  if (scope.complete) {
    for (const property of spec.properties) {
      if (property.required === true && read.source(property.name) === undefined) {
        own.report(
          'DLMS-208',
          member.base.nameNode,
          `Association '${member.name}' has no '${property.name}': ${property.doc}`,
          {
            hint: `Write '${property.name}: ${property.example}'.`,
          },
        );
      }
    }
  }
  const { mechanism, secret } = authenticationOf(read);
  const context = contextOf(read, mechanism, around.referencing);
  const security = read.reference('security');
  const conformance = conformanceOf(read, context.referencing);
  const lock = lockOf(read);
  const clientSap = read.integer('client') ?? 0;
  checkClientAddress(clientSap, read, around);
  checkSecurity(member, mechanism, context.ciphering, security, read, scope, around);
  return {
    name: member.name,
    clientSap,
    serverSap: read.integer('server') ?? 1,
    mechanism: mechanism.mechanism,
    ...(secret === undefined ? {} : { secret }),
    context: context.referencing,
    ciphering: context.ciphering,
    ...(security === undefined ? {} : { security }),
    conformance,
    maxPdu: read.integer('max_pdu') ?? DEFAULT_MAX_PDU,
    ...(lock === undefined ? {} : { lock }),
  };
}

const NO_AUTHENTICATION: MechanismWord = { word: 'none', mechanism: 'lowest', doc: '', secret: false, keys: false };

function authenticationOf(read: PropertyReader): { mechanism: MechanismWord; secret?: SecretReference } {
  const place = read.place('authentication');
  const node = read.source('authentication')?.node;
  const [first, second] = node?.items ?? [];
  const [word] = first?.parts ?? [];
  if (place === undefined || node === undefined || first === undefined) return { mechanism: NO_AUTHENTICATION };
  if (word?.kind !== 'name' || first.parts.length !== 1) {
    place.report(
      'DLMS-401',
      first,
      `'authentication' takes a mechanism first, for example 'lls, password secret("name")'.`,
    );
    return { mechanism: NO_AUTHENTICATION };
  }
  const known = knownWord(
    word,
    mechanismWords.map((item) => item.word),
    'authentication mechanism',
    place,
  );
  const mechanism = mechanismWords.find((item) => item.word === known);
  if (mechanism === undefined) return { mechanism: NO_AUTHENTICATION };
  if (second === undefined) {
    if (mechanism.secret) {
      place.report(
        'DLMS-604',
        word,
        `'${mechanism.word}' needs a password: write '${mechanism.word}, password secret("name")'.`,
      );
    }
    return { mechanism };
  }
  const [label, value] = second.parts;
  if (label?.kind !== 'name' || (label.text !== 'password' && label.text !== 'secret') || value === undefined) {
    const suggestions = label?.kind === 'name' ? suggestWords(label.text, ['password', 'secret']) : [];
    place.report('DLMS-401', second, `Behind the mechanism stands its password: 'password secret("name")'.`, {
      suggestions,
    });
    return { mechanism };
  }
  const secret = secretOf(value, { name: label.text }, place);
  if (!mechanism.secret) {
    place.report(
      'DLMS-604',
      second,
      `'${mechanism.word}' uses no password${mechanism.keys ? ', but the keys of its security block' : ''}.`,
      {
        severity: 'warning',
      },
    );
    return { mechanism };
  }
  return secret === undefined ? { mechanism } : { mechanism, secret };
}

const CONTEXT_WORDS = ['LN', 'SN', 'ciphering', 'no-ciphering'];

function contextOf(
  read: PropertyReader,
  mechanism: MechanismWord,
  referencing: Referencing,
): { referencing: 'LN' | 'SN'; ciphering: boolean } {
  const place = read.place('context');
  const node = read.source('context')?.node;
  let found: 'LN' | 'SN' | undefined;
  let ciphering: boolean | undefined;
  for (const item of node?.items ?? []) {
    const [part] = item.parts;
    if (place === undefined || part?.kind !== 'name') continue;
    const word = knownWord(part, CONTEXT_WORDS, 'application context', place);
    if (word === 'ciphering' || word === 'no-ciphering') ciphering = word === 'ciphering';
    else if (word === 'LN' || word === 'SN') {
      found = word;
      if (referencing !== 'both' && word !== referencing) {
        place.report(
          'DLMS-608',
          part,
          `This association uses ${word} referencing, but the meter has ${referencing} only.`,
          {
            hint: `Write '${referencing}' here, or 'referencing: both' in the identity.`,
            suggestions: [referencing],
          },
        );
      }
    }
  }
  if (found === undefined && referencing === 'both' && place !== undefined && node !== undefined) {
    place.report('DLMS-608', node.items[0] ?? node, "The meter has both kinds of referencing: say 'LN' or 'SN' here.", {
      suggestions: ['LN', 'SN'],
    });
  }
  return { referencing: found ?? (referencing === 'SN' ? 'SN' : 'LN'), ciphering: ciphering ?? mechanism.keys };
}

/** Bits in their own order; those that do not exist in the referencing are left out and reported. */
function conformanceOf(read: PropertyReader, referencing: 'LN' | 'SN'): readonly string[] {
  const names = new Set(read.words('conformance') ?? []);
  const place = read.place('conformance');
  for (const item of read.source('conformance')?.node.items ?? []) {
    const [part] = item.parts;
    const bit = part?.kind === 'name' ? conformanceBits.find((one) => one.name === part.text) : undefined;
    if (
      bit === undefined ||
      place === undefined ||
      bit.referencing.length === 0 ||
      bit.referencing.includes(referencing)
    )
      continue;
    place.report('DLMS-606', item, `'${bit.name}' does not exist with ${referencing} referencing.`, {
      hint:
        referencing === 'SN'
          ? 'SN has read, write and information-report in its place.'
          : 'LN has get, set and action in its place.',
    });
    names.delete(bit.name);
  }
  return conformanceBits.filter((bit) => names.has(bit.name)).map((bit) => bit.name);
}

function lockOf(read: PropertyReader): { failures: number; durationMs: number } | undefined {
  const place = read.place('lock');
  const node = read.source('lock')?.node;
  if (place === undefined || node === undefined) return undefined;
  const [first, second] = node.items;
  const failures = countOf(first);
  const [time] = second?.parts ?? [];
  const durationMs = time === undefined ? undefined : durationValue(time);
  if (failures !== undefined && failures > 0 && durationMs !== undefined) return { failures, durationMs };
  place.report(
    'DLMS-401',
    valueRange(node),
    "'lock' takes failures and a time, for example 'lock: 3 failures, 15min'.",
  );
  return undefined;
}

function countOf(item: ItemNode | undefined): number | undefined {
  const [part] = item?.parts ?? [];
  if (part?.kind === 'quantity') return integerValue(part.number);
  return part === undefined ? undefined : integerValue(part);
}

function valueRange(node: PropertyNode): { from: number; to: number } {
  const [first] = node.items;
  return first === undefined ? node : { from: first.from, to: node.to };
}

function checkClientAddress(client: number, read: PropertyReader, around: AssociationSurroundings): void {
  const place = read.place('client');
  const node = read.source('client')?.node.items[0];
  if (place === undefined || node === undefined || client <= MAX_HDLC_CLIENT) return;
  if (around.transports.some((transport) => transport.framing === 'hdlc')) {
    place.report(
      'DLMS-609',
      node,
      `Client address ${client} does not fit into an HDLC frame: its client address has one octet, at most ${MAX_HDLC_CLIENT}.`,
    );
  }
}

function checkSecurity(
  member: ResolvedMember,
  mechanism: MechanismWord,
  ciphering: boolean,
  name: string | undefined,
  read: PropertyReader,
  scope: MeterScope,
  around: AssociationSurroundings,
): void {
  if (!scope.complete) return;
  const own: Place = scope.place(member.base.origin);
  const stated = read.source('security');
  if (!mechanism.keys && !ciphering) return;
  const why = mechanism.keys ? `'${mechanism.word}'` : 'ciphering';
  if (stated === undefined) {
    own.report(
      'DLMS-602',
      member.base.nameNode,
      `Association '${member.name}' has no 'security', but ${why} needs its keys.`,
      {
        hint: "Add 'security NAME suite 0 { … }' to the meter and 'security: NAME' here.",
      },
    );
    return;
  }
  const security = around.securities.find((item) => item.member.name === name);
  const place = read.place('security');
  const node = stated.node.items[0];
  if (security === undefined || place === undefined || node === undefined) return;
  const related = [
    {
      message: `'${security.member.name}'`,
      range: security.member.base.nameNode,
      file: security.member.base.origin.file,
    },
  ];
  const suite = security.model.suite;
  if (mechanism.word === 'hls-ecdsa') {
    if (suite === 0)
      place.report(
        'DLMS-603',
        node,
        `'hls-ecdsa' needs security suite 1 or 2; '${security.member.name}' is suite 0, which has no signatures.`,
        { related },
      );
    else if (!security.hasSigningKey)
      place.report(
        'DLMS-603',
        node,
        `'hls-ecdsa' needs a 'signing_key', which '${security.member.name}' does not have.`,
        { related },
      );
    return;
  }
  const lacking = [
    ...(security.model.globalUnicastKey === undefined ? ['global_unicast_key'] : []),
    ...(security.model.authenticationKey === undefined ? ['authentication_key'] : []),
  ];
  if (lacking.length > 0) {
    place.report(
      'DLMS-603',
      node,
      `${capital(why)} needs ${lacking.map((key) => `'${key}'`).join(' and ')}, which '${security.member.name}' does not have.`,
      { related },
    );
  }
}

function capital(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function checkClients(
  members: readonly ResolvedMember[],
  models: readonly AssociationModel[],
  scope: MeterScope,
): void {
  const seen = new Map<string, ResolvedMember>();
  models.forEach((model, index) => {
    const member = members[index];
    if (member === undefined || model.clientSap === 0) return;
    const key = `${model.clientSap} ${model.serverSap}`;
    const first = seen.get(key);
    if (first === undefined) {
      seen.set(key, member);
      return;
    }
    const source = member.properties.get('client')?.at(-1);
    const place = scope.place(source?.origin ?? member.base.origin);
    place.report(
      'DLMS-601',
      source?.node.items[0] ?? member.base.nameNode,
      `Associations '${first.name}' and '${member.name}' have the same client address ${model.clientSap}; a meter tells them apart by it.`,
      {
        related: [{ message: `'${first.name}'`, range: first.base.nameNode, file: first.base.origin.file }],
      },
    );
  });
}
