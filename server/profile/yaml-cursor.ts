import type { Span } from '../../engine/template/syntax/tree.ts';
import { ITEM } from './schema.ts';
import { flowCursor } from './yaml-flow.ts';

/** Where the cursor stands in a YAML text, found by its indentation so that it works while the text is no valid YAML. */
export interface YamlCursor {
  readonly at: 'key' | 'value';
  /** Steps to the mapping (for keys) or to the value; `ITEM` for elements of lists. */
  readonly path: readonly string[];
  /** Keys that the mapping around has already, with their values as written. */
  readonly siblings: ReadonlyMap<string, string>;
  /** What has been typed of the key or value. */
  readonly word: Span;
  /** Column at which keys of this mapping begin. */
  readonly column: number;
  /** Inside `{ }` or `[ ]`. */
  readonly flow: boolean;
}

/** One line of block style: `    - key: value`. */
interface Line {
  /** Column of the first dash; of the key if there is none. */
  readonly indent: number;
  readonly dashes: number;
  /** Column of the key. */
  readonly column: number;
  readonly key: string | undefined;
  /** As written, with blanks behind it. */
  readonly value: string;
  readonly content: string;
}

const KEY = /^(?:"([^"]*)"|'([^']*)'|([^\s#"'{[][^:#]*?))\s*:(?:\s+(.*))?$/;

function readLine(text: string): Line {
  const [, blanks = '', dashes = '', content = ''] = /^(\s*)((?:- +|-$)*)(.*)$/.exec(text) ?? [];
  const [whole, double, single, plain, value = ''] = KEY.exec(content) ?? [];
  return {
    indent: blanks.length,
    dashes: dashes.length,
    column: blanks.length + dashes.length,
    key: whole === undefined ? undefined : (double ?? single ?? plain),
    value,
    content,
  };
}

function isBlank(text: string): boolean {
  return /^\s*(?:#.*)?$/.test(text);
}

/** What can be typed at an offset; undefined inside of comments. */
export function yamlCursorAt(text: string, offset: number): YamlCursor | undefined {
  const start = offset === 0 ? 0 : text.lastIndexOf('\n', offset - 1) + 1;
  const before = text.slice(start, offset);
  if (/(?:^|\s)#/.test(before.replace(/"[^"]*"|'[^']*'/g, ''))) return undefined;
  const lines = text.split('\n');
  const number = text.slice(0, start).split('\n').length - 1;
  const line = readLine(before);
  const around = climb(lines, number, line);
  if (line.key === undefined && !/^[[{]/.test(line.content)) {
    const word = { from: offset - line.content.length, to: offset };
    return { at: 'key', ...around, word, column: line.column, flow: false };
  }
  const typed = line.key === undefined ? line.content : line.value;
  const from = offset - typed.length;
  const path = line.key === undefined ? around.path : [...around.path, line.key];
  const inFlow = flowCursor(typed, from);
  if (inFlow === undefined)
    return {
      at: 'value',
      path,
      siblings: around.siblings,
      word: { from, to: offset },
      column: line.column,
      flow: false,
    };
  const nested = inFlow.path.length > 0 || inFlow.at === 'key' ? inFlow.siblings : around.siblings;
  return {
    at: inFlow.at,
    path: [...path, ...inFlow.path],
    siblings: nested,
    word: inFlow.word,
    column: line.column,
    flow: true,
  };
}

/** Goes up from a line to the beginning of the text and collects the mappings and lists around it. */
function climb(lines: readonly string[], number: number, line: Line): Pick<YamlCursor, 'path' | 'siblings'> {
  const path: string[] = line.dashes > 0 ? [ITEM] : [];
  const siblings = new Map<string, string>();
  // Column of the keys of the mapping that was reached, or of the dashes of the list.
  let column = line.dashes > 0 ? line.indent : line.column;
  let list = line.dashes > 0;
  let own = !list;
  for (let index = number - 1; index >= 0; index--) {
    const text = lines[index] ?? '';
    if (isBlank(text)) continue;
    const other = readLine(text);
    // Other elements of the list, and what is nested in what stands beside us.
    const beside = list
      ? other.indent > column || (other.indent === column && other.dashes > 0)
      : other.column > column;
    if (beside || other.key === undefined) continue;
    if (!list && other.column === column) {
      if (own) siblings.set(other.key, other.value.trim());
      if (other.dashes === 0) continue;
    } else path.unshift(other.key);
    own = false;
    list = other.dashes > 0;
    column = list ? other.indent : other.column;
    if (list) path.unshift(ITEM);
  }
  for (const [key, value] of below(lines, number, line.column)) siblings.set(key, value);
  return { path, siblings };
}

/** Keys of the same mapping in the lines that follow. */
function below(lines: readonly string[], number: number, column: number): [string, string][] {
  const found: [string, string][] = [];
  for (const text of lines.slice(number + 1)) {
    if (isBlank(text)) continue;
    const other = readLine(text);
    if (other.indent < column || (other.dashes > 0 && other.indent <= column)) break;
    if (other.column === column && other.key !== undefined) found.push([other.key, other.value.trim()]);
  }
  return found;
}
