import { parseSync, Visitor } from 'oxc-parser';

/** One place where a file reaches for the clock, for randomness or for the world without importing anything. */
export interface AmbientSite {
  /** As a reader would call it: `Date.now()`. */
  readonly what: string;
  /** In UTF-16 units. */
  readonly offset: number;
}

const objects = new Set(['process', 'performance', 'console']);
const members = new Set(['Date.now', 'Math.random']);
const functions = new Set(['fetch', 'setTimeout', 'setInterval', 'setImmediate', 'queueMicrotask']);
const randomOfCrypto = /^(random|generateKey|generatePrime|getRandomValues|webcrypto)/;

/** Finds what makes a function give different answers for the same arguments. Names are not resolved: a local `process` counts. */
export function scanAmbient(file: string, source: string): AmbientSite[] {
  const sites: AmbientSite[] = [];
  new Visitor({
    MemberExpression: ({ object, property, computed, start }) => {
      if (object.type !== 'Identifier' || property.type !== 'Identifier' || computed) return;
      const name = `${object.name}.${property.name}`;
      if (objects.has(object.name) || members.has(name)) sites.push({ what: name, offset: start });
    },
    CallExpression: ({ callee, start }) => {
      if (callee.type === 'Identifier' && functions.has(callee.name))
        sites.push({ what: `${callee.name}()`, offset: start });
    },
    NewExpression: ({ callee, arguments: given, start }) => {
      if (callee.type === 'Identifier' && callee.name === 'Date' && given.length === 0) {
        sites.push({ what: 'new Date()', offset: start });
      }
    },
    ImportDeclaration: ({ source: module, specifiers }) => {
      if (!/^(node:)?crypto$/.test(module.value)) return;
      for (const specifier of specifiers) {
        if (specifier.type !== 'ImportSpecifier' || specifier.imported.type !== 'Identifier') continue;
        const { name } = specifier.imported;
        if (randomOfCrypto.test(name)) sites.push({ what: `${name} of node:crypto`, offset: specifier.start });
      }
    },
  }).visit(parseSync(file, source).program);
  return sites;
}
