import type { Span } from '../syntax/tree.ts';
import type { SymbolKind } from '../vocabulary/types.ts';
import type { Place } from './scope.ts';
import type { SymbolDefinition } from './symbols.ts';

/** Where a name of a meter is defined. */
export function definitionOf(place: Place, kind: SymbolKind, name: string): SymbolDefinition | undefined {
  if (kind === 'simulation') {
    const source = place.scope.meter.singles.get('simulate')?.get(name);
    if (source === undefined) return undefined;
    const { node, origin } = source;
    return { kind, name, meter: origin.meter, file: origin.file, range: node.name, full: node };
  }
  const member = place.scope.meter.members.get(kind)?.get(name);
  if (member === undefined) return undefined;
  const { nameNode, node, origin } = member.base;
  return { kind, name, meter: origin.meter, file: origin.file, range: nameNode, full: node };
}

/** Records that a name is used at a place. */
export function refer(place: Place, kind: SymbolKind, name: string, range: Span): void {
  const definition = definitionOf(place, kind, name);
  place.scope.symbols.refer({
    kind,
    name,
    meter: place.scope.meter.declaration.name,
    file: place.file,
    range: { from: range.from, to: range.to },
    ...(definition === undefined ? {} : { definition }),
  });
}
