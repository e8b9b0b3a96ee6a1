/** Types of words, from the names LSP knows, so that every colour theme has colours for them. */
export const semanticTokenTypes = [
  'keyword',
  'modifier',
  'property',
  'variable',
  'class',
  'type',
  'enumMember',
  'function',
  'parameter',
  'number',
  'string',
  'namespace',
  'method',
] as const;
export type SemanticTokenType = (typeof semanticTokenTypes)[number];

export const semanticTokenModifiers = ['declaration', 'abstract', 'defaultLibrary'] as const;
export type SemanticTokenModifier = (typeof semanticTokenModifiers)[number];

const types: ReadonlyMap<string, number> = new Map(semanticTokenTypes.map((name, index) => [name, index]));
const modifiers: ReadonlyMap<string, number> = new Map(semanticTokenModifiers.map((name, index) => [name, 1 << index]));

/** Number of a type. */
export function typeNumber(type: SemanticTokenType): number {
  return types.get(type) ?? 0;
}

/** Bits of modifiers. */
export function modifierBits(...names: readonly SemanticTokenModifier[]): number {
  return names.reduce((bits, name) => bits | (modifiers.get(name) ?? 0), 0);
}
