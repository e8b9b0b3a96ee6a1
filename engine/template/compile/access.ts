import type { AssociationModel, Protection } from '../model.ts';
import type { Place } from '../semantics/scope.ts';
import type { ExpressionNode } from '../syntax/tree.ts';
import { accessWords, protectionWords } from '../vocabulary/words.ts';
import { knownWord } from './read.ts';

type Right = 'get' | 'set' | 'action';

/** Rights while they are collected. */
export type WritableAccess = { [right in Right]?: readonly Protection[] };

/**
 * Services of which one must be agreed for a right to be used (Green Book 9.4.6.1): with short names everything is read
 * and write, methods included.
 */
const SERVICES: Readonly<Record<'LN' | 'SN', Readonly<Record<Right, readonly string[]>>>> = {
  LN: { get: ['get', 'access'], set: ['set', 'access'], action: ['action', 'access'] },
  SN: { get: ['read'], set: ['write', 'unconfirmed-write'], action: ['write', 'unconfirmed-write', 'read'] },
};

/**
 * Reads one right, `get` or `set(authenticated)`, into `result`. With `holder`, the association that is given the
 * right, it is also checked that the right can ever be used.
 */
export function addRight(result: WritableAccess, part: ExpressionNode, place: Place, holder?: AssociationModel): void {
  if (part.kind === 'missing') return;
  const word = part.kind === 'call' ? part.callee : part;
  if (word.kind !== 'name') {
    place.report(
      'DLMS-401',
      part,
      "Rights are 'none', 'get', 'set' and 'action', for example 'get, set(authenticated)'.",
    );
    return;
  }
  const right = knownWord(
    word,
    accessWords.map((item) => item.word),
    'right',
    place,
  );
  const protections =
    part.kind === 'call'
      ? protectionsOf(
          part.args.map((arg) => arg.value),
          place,
        )
      : [];
  if (right !== 'get' && right !== 'set' && right !== 'action') return;
  result[right] = protections;
  if (holder !== undefined) checkUse(right, protections, part, holder, place);
}

function protectionsOf(args: readonly ExpressionNode[], place: Place): readonly Protection[] {
  const found = new Set<string>();
  for (const arg of args) {
    if (arg.kind === 'name') {
      const word = knownWord(
        arg,
        protectionWords.map((item) => item.word),
        'protection',
        place,
      );
      if (word !== undefined) found.add(word);
    } else if (arg.kind !== 'missing') {
      place.report('DLMS-401', arg, "In parentheses stand 'authenticated', 'encrypted' and 'signed'.");
    }
  }
  return (['authenticated', 'encrypted', 'signed'] as const).filter((word) => found.has(word));
}

function checkUse(
  right: Right,
  protections: readonly Protection[],
  part: ExpressionNode,
  holder: AssociationModel,
  place: Place,
): void {
  const services = SERVICES[holder.context][right];
  if (!services.some((service) => holder.conformance.includes(service))) {
    const [wanted = ''] = services;
    place.report(
      'DLMS-607',
      part,
      `Association '${holder.name}' can never use this: its conformance has no '${wanted}'.`,
      {
        hint: `Add '${wanted}' to its conformance, or leave the right out.`,
      },
    );
  } else if (protections.length > 0 && !holder.ciphering) {
    place.report(
      'DLMS-607',
      part,
      `Association '${holder.name}' can never use this: it has no ciphering, so its requests are never ${protections.join(' and ')}.`,
      {
        hint: "Write 'context: …, ciphering' and 'security: …' there, or ask for less.",
      },
    );
  }
}
