import type { BlockNode, DocumentNode, EntryNode, LiteralNode, NameNode } from '../../engine/template/syntax/tree.ts';
import type { SemanticToken } from '../language.ts';
import { modifierBits, type SemanticTokenType, typeNumber } from '../semantic-legend.ts';
import { parentSpec, type Role, visitEntry } from './roles.ts';

const DECLARATION = modifierBits('declaration');
const LIBRARY = modifierBits('defaultLibrary');

/** Words of the entries that touch a span, in the order of the text. */
export function semanticTokens(tree: DocumentNode, from: number, to: number): SemanticToken[] {
  const tokens: SemanticToken[] = [];
  const visit = (node: NameNode | LiteralNode, role: Role): void => {
    if (node.to <= from || node.from >= to || node.from === node.to) return;
    const [type, modifiers] = look(node, role);
    tokens.push({ from: node.from, to: node.to, type: typeNumber(type), modifiers });
  };
  const walk = (entries: readonly EntryNode[], around: readonly BlockNode[]): void => {
    const parent = parentSpec(around);
    for (const entry of entries) {
      if (entry.to <= from) continue;
      if (entry.from >= to) break;
      visitEntry(entry, parent, around, visit, false);
      if (entry.kind === 'block') walk(entry.entries, [...around, entry]);
    }
  };
  walk(tree.entries, []);
  return tokens;
}

/** How a word looks. */
function look(node: NameNode | LiteralNode, role: Role): readonly [SemanticTokenType, number] {
  switch (role.role) {
    case 'kind':
    case 'keyword':
      return ['keyword', 0];
    case 'modifier':
      return ['modifier', 0];
    case 'name':
      return [role.kind === 'meter' || role.kind === 'class' ? 'class' : 'variable', DECLARATION];
    case 'reference':
      return [role.kinds.includes('meter') ? 'class' : 'variable', 0];
    case 'class':
      return ['class', LIBRARY];
    case 'variable':
      return ['parameter', DECLARATION];
    case 'member':
      return ['method', 0];
    case 'property':
    case 'attribute':
    case 'part':
      return ['property', 0];
    case 'word':
    case 'quirk':
      return ['enumMember', 0];
    case 'type':
    case 'unit':
      return ['type', LIBRARY];
    case 'function':
      return ['function', role.spec === undefined ? 0 : LIBRARY];
    case 'argument':
      return ['parameter', 0];
    case 'operand':
      return ['variable', 0];
    case 'obis':
      return ['number', 0];
    case 'literal':
      if (node.kind === 'name') return ['variable', 0];
      return [node.type === 'text' || node.type === 'octets' ? 'string' : 'number', 0];
  }
}
