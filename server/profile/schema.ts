import { profileSchema } from '../../engine/template/profile/schema-findings.ts';

/** The part of JSON Schema that the schema of OBIS profiles uses. */
export interface Schema {
  readonly $ref?: string;
  readonly type?: string;
  readonly description?: string;
  readonly const?: unknown;
  readonly enum?: readonly string[];
  readonly default?: unknown;
  readonly required?: readonly string[];
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: boolean | Schema;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
  readonly $defs?: Readonly<Record<string, Schema>>;
}

/** Steps into a document: keys of mappings, `ITEM` for an element of a list. */
export const ITEM = '[]';

const root = profileSchema as Schema;

/** What stands behind a `$ref`; a description beside the reference is the better one. */
function resolved(schema: Schema): Schema {
  const name = schema.$ref?.split('/').at(-1);
  const target = name === undefined ? undefined : root.$defs?.[name];
  if (target === undefined) return schema;
  const inner = resolved(target);
  return schema.description === undefined ? inner : { ...inner, description: schema.description };
}

/** The schema of what stands at a path; undefined where the schema knows nothing. */
export function schemaAt(path: readonly string[]): Schema | undefined {
  let schema: Schema | undefined = root;
  for (const step of path) {
    const found: Schema = resolved(schema);
    const rest: boolean | Schema | undefined = found.additionalProperties;
    schema = step === ITEM ? found.items : (found.properties?.[step] ?? (typeof rest === 'object' ? rest : undefined));
    if (schema === undefined) return undefined;
  }
  return resolved(schema);
}

/** Keys a mapping may have, in the order of the schema. */
export function keysOf(schema: Schema): readonly (readonly [key: string, schema: Schema])[] {
  return Object.entries(schema.properties ?? {}).map(([key, inner]) => [key, resolved(inner)]);
}

/** Words a value may be. */
export function wordsOf(schema: Schema): readonly string[] {
  if (schema.const !== undefined) return [String(schema.const)];
  if (schema.type === 'boolean') return ['true', 'false'];
  return [...(schema.enum ?? []), ...(schema.anyOf ?? []).flatMap((one) => one.enum ?? [])];
}
