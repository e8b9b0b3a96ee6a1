/**
 * Shapes: descriptions of plain JSON values that are types at compile time and checks at run time, so that the message
 * types and the validation of messages cannot drift apart. No code is generated at run time, which a strict
 * Content-Security-Policy would refuse.
 */
export interface Shape<T> {
  /** The first problem of `value`, or undefined when it fits. `path` says where it stands, e.g. `rows[3].host`. */
  readonly problem: (value: unknown, path: string) => string | undefined;
  /** Never set: carries `T` for `Infer`. */
  readonly type?: T;
}

/** The type a shape describes. */
export type Infer<S> = S extends Shape<infer T> ? T : never;

/** Whether `value` fits; narrows its type. */
export function fits<T>(shape: Shape<T>, value: unknown): value is T {
  return shape.problem(value, 'message') === undefined;
}

/** Strings longer than this are refused: no trace row, object list or reason comes near it. */
export const maxStringLength = 16 * 1024 * 1024;
/** Longer arrays are refused; senders send in parts. */
export const maxArrayLength = 1_000_000;

function kindOf(value: unknown): string {
  if (value === null) return 'null';
  return Array.isArray(value) ? 'array' : typeof value;
}

export const text: Shape<string> = {
  problem: (value, path) => {
    if (typeof value !== 'string') return `${path}: ${kindOf(value)}, expected a string`;
    return value.length > maxStringLength ? `${path}: longer than ${maxStringLength} characters` : undefined;
  },
};

/** A finite number: NaN and infinities do not survive JSON. */
export const number: Shape<number> = {
  problem: (value, path) =>
    typeof value === 'number' && Number.isFinite(value) ? undefined : `${path}: ${kindOf(value)}, expected a number`,
};

/** An integer from 0 on. */
export const count: Shape<number> = {
  problem: (value, path) =>
    Number.isSafeInteger(value) && Number(value) >= 0 ? undefined : `${path}: expected an integer from 0 on`,
};

export const flag: Shape<boolean> = {
  problem: (value, path) => (typeof value === 'boolean' ? undefined : `${path}: ${kindOf(value)}, expected a boolean`),
};

/** Octets as lower-case hex digits, two each. */
export const octets: Shape<string> = {
  problem: (value, path) =>
    text.problem(value, path) ??
    (typeof value === 'string' && value.length % 2 === 0 && /^[0-9a-f]*$/.test(value)
      ? undefined
      : `${path}: expected pairs of lower-case hex digits`),
};

export function oneOf<const T extends string>(...choices: readonly T[]): Shape<T> {
  const known = new Set<unknown>(choices);
  return {
    problem: (value, path) => (known.has(value) ? undefined : `${path}: expected one of ${choices.join(', ')}`),
  };
}

export function list<T>(item: Shape<T>): Shape<readonly T[]> {
  return {
    problem: (value, path) => {
      if (!Array.isArray(value)) return `${path}: ${kindOf(value)}, expected an array`;
      if (value.length > maxArrayLength) return `${path}: more than ${maxArrayLength} items`;
      for (const [index, entry] of value.entries()) {
        const problem = item.problem(entry, `${path}[${index}]`);
        if (problem !== undefined) return problem;
      }
      return undefined;
    },
  };
}

/** An object used as a map from any name to `item`. */
export function dictionary<T>(item: Shape<T>): Shape<Readonly<Record<string, T>>> {
  return {
    problem: (value, path) => {
      if (kindOf(value) !== 'object') return `${path}: ${kindOf(value)}, expected an object`;
      for (const [name, entry] of Object.entries(Object(value))) {
        const problem = item.problem(entry, `${path}.${name}`);
        if (problem !== undefined) return problem;
      }
      return undefined;
    },
  };
}

type Shapes = Readonly<Record<string, Shape<unknown>>>;
type Fields<R extends Shapes, O extends Shapes> = {
  readonly [K in keyof R]: Infer<R[K]>;
} & { readonly [K in keyof O]?: Infer<O[K]> };

/**
 * An object with exactly these properties. Properties nobody declared are refused, so that nothing (a key, a password)
 * travels along by accident.
 */
export function object<R extends Shapes, O extends Shapes = Record<never, never>>(
  required: R,
  optional?: O,
): Shape<Fields<R, O>> {
  const shapes = new Map<string, Shape<unknown>>([...Object.entries(required), ...Object.entries(optional ?? {})]);
  const requiredNames = Object.keys(required);
  return {
    problem: (value, path) => {
      if (kindOf(value) !== 'object') return `${path}: ${kindOf(value)}, expected an object`;
      const entries = Object.entries(Object(value));
      for (const [name, entry] of entries) {
        const shape = shapes.get(name);
        if (shape === undefined) return `${path}.${name}: not expected here`;
        if (entry === undefined && !requiredNames.includes(name)) continue;
        const problem = shape.problem(entry, `${path}.${name}`);
        if (problem !== undefined) return problem;
      }
      const missing = requiredNames.find((name) => !Object.hasOwn(Object(value), name));
      return missing === undefined ? undefined : `${path}.${missing}: missing`;
    },
  };
}

/** One of several objects, told apart by their `type` property. */
export function tagged<M extends Readonly<Record<string, Shape<unknown>>>>(
  variants: M,
): Shape<{ [K in keyof M]: { readonly type: K } & Infer<M[K]> }[keyof M]> {
  const known = new Map(Object.entries(variants));
  return {
    problem: (value, path) => {
      if (kindOf(value) !== 'object') return `${path}: ${kindOf(value)}, expected an object`;
      const { type, ...rest } = Object(value);
      const variant = typeof type === 'string' ? known.get(type) : undefined;
      if (variant === undefined) return `${path}.type: unknown message type`;
      return variant.problem(rest, `${path}(${type})`);
    },
  };
}

/** A shape that refers to itself. */
export function lazy<T>(shape: () => Shape<T>): Shape<T> {
  return { problem: (value, path) => shape().problem(value, path) };
}
