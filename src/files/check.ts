// Checks of a value that came from a file: each returns it as what it is, or says where it departs from that.

/** A text is not what it should be; the message says where. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
}

/** Returns the value as what it is, or throws a DocumentError that names its path. */
export type Check<T> = (value: unknown, path: string) => T;

export function wrong(path: string, expected: string, value: unknown): never {
  const got = value === undefined ? 'nothing' : JSON.stringify(value).slice(0, 40);
  throw new DocumentError(`${path}: expected ${expected}, got ${got}`);
}

export const text: Check<string> = (value, path) =>
  typeof value === 'string' ? value : wrong(path, 'a text', value);

export const amount: Check<number> = (value, path) =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0
    ? value
    : wrong(path, 'a number from 0 up', value);

export const orNull =
  <T>(check: Check<T>): Check<T | null> =>
  (value, path) =>
    value === null ? null : check(value, path);

export const oneOf =
  <Name extends string>(...names: readonly Name[]): Check<Name> =>
  (value, path) =>
    names.find((name) => name === value) ?? wrong(path, `one of ${names.join(', ')}`, value);

export const list =
  <T>(check: Check<T>, least = 0): Check<readonly T[]> =>
  (value, path) =>
    Array.isArray(value) && value.length >= least
      ? value.map((item, index) => check(item, `${path}[${index}]`))
      : wrong(path, least === 0 ? 'a list' : 'a list that is not empty', value);

export const anything: Check<Readonly<Record<string, unknown>>> = (value, path) =>
  typeof value === 'object' && value !== null
    ? (value as Readonly<Record<string, unknown>>)
    : wrong(path, 'an object', value);

/** Every field of the type has its check: a new field without one does not compile. */
export const fields =
  <T>(checks: { readonly [Key in keyof T]-?: Check<T[Key]> }): Check<T> =>
  (value, path) => {
    const given = anything(value, path);
    const pairs = Object.entries<Check<unknown>>(checks)
      .map(([key, check]) => [key, check(given[key], `${path}.${key}`)] as const)
      .filter(([, checked]) => checked !== undefined);
    return Object.fromEntries(pairs) as T;
  };

/** A field that may be missing; `fields` leaves it out then. */
export const orAbsent =
  <T>(check: Check<T>): Check<T> =>
  (value, path) =>
    value === undefined ? (undefined as T) : check(value, path);
