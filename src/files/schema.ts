// Pieces of schemas for what comes from a file. A message about a wrong value names the path to it, what was expected
// there, and what came. The text of each piece is the phrase after "expected".
import * as v from 'valibot';

/** A value is not what it should be; the message says where. */
export class DocumentError extends Error {
  override readonly name = 'DocumentError';
}

/** A schema that gives a T, whatever it is given. */
export type Schema<T> = v.GenericSchema<unknown, T>;

/** Far above every figure that can be measured, and low enough that sums of them stay exact and finite. */
const MOST = Number.MAX_SAFE_INTEGER;
const CHARACTERS_SHOWN = 40;

/** @throws {DocumentError} with the path to the first departure; `name` is what the path begins with */
export function checked<T>(schema: Schema<T>, value: unknown, name = 'document'): T {
  const result = v.safeParse(schema, value, { abortEarly: true });
  if (result.success) return result.output;
  const [issue] = result.issues;
  throw new DocumentError(`${name}${pathOf(issue)}: expected ${issue.message}, got ${shown(issue.input)}`);
}

const pathOf = ({ path }: v.BaseIssue<unknown>): string =>
  (path ?? []).map(({ key }) => (typeof key === 'number' ? `[${key}]` : `.${String(key)}`)).join('');

function shown(value: unknown): string {
  if (value === undefined) return 'nothing';
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value);
  return text.length > CHARACTERS_SHOWN ? `${text.slice(0, CHARACTERS_SHOWN)}…` : text;
}

export const text: Schema<string> = v.string('a text');

export const number = v.pipe(
  v.number('a number'),
  v.minValue(-MOST, `a number from -${MOST} up`),
  v.maxValue(MOST, `a number up to ${MOST}`),
);

/** A number from `least` to `most`. */
export const numberFrom = (least: number, most = MOST) => {
  const phrase = most === MOST ? `a number from ${least} up` : `a number from ${least} to ${most}`;
  return v.pipe(v.number(phrase), v.minValue(least, phrase), v.maxValue(most, phrase));
};

/** A number that cannot be negative: a time, a size, a count that was averaged. */
export const amount = numberFrom(0);

/** A whole number. */
export const wholeFrom = (least: number, most = MOST) => {
  const phrase =
    most === MOST ? `a whole number from ${least} up` : `a whole number from ${least} to ${most}`;
  return v.pipe(v.number(phrase), v.minValue(least, phrase), v.maxValue(most, phrase), v.integer(phrase));
};

export const oneOf = <Name extends string>(...names: readonly Name[]) =>
  v.picklist(names, names.length === 1 ? JSON.stringify(names[0]) : `one of ${names.join(', ')}`);

export const list = <T>(item: Schema<T>): Schema<readonly T[]> => v.array(item, 'a list');

export const filled = <T>(item: Schema<T>): Schema<readonly T[]> => {
  const phrase = 'a list that is not empty';
  return v.pipe(v.array(item, phrase), v.nonEmpty(phrase));
};

const AN_OBJECT = 'an object';

/** JavaScript takes a list for an object. This does not. */
const objectAlone = v.custom<object>(
  (value) => typeof value === 'object' && value !== null && !Array.isArray(value),
  AN_OBJECT,
);

/**
 * An object with every field of T. A new field of the type does not compile until it has a schema here. Fields without a
 * name here are left out, because a file of a later version may hold more than this version knows.
 */
export function fields<T>(entries: { readonly [Key in keyof T]-?: Schema<T[Key]> }): Schema<T> {
  const schemas: Readonly<Record<string, Schema<unknown>>> = entries;
  const object = v.object(schemas, (issue) => {
    // If a field is missing, valibot asks the object what was expected. It does not ask the field.
    const missing = schemas[String(issue.path?.[0]?.key)];
    return missing === undefined ? AN_OBJECT : phraseOf(missing);
  });
  return v.pipe(objectAlone, object) as unknown as Schema<T>;
}

/** What a schema expects, in words. */
function phraseOf(schema: object): string {
  if ('pipe' in schema && Array.isArray(schema.pipe)) return phraseOf(schema.pipe[0] as object);
  if ('wrapped' in schema) return phraseOf(schema.wrapped as object);
  return 'message' in schema && typeof schema.message === 'string' ? schema.message : AN_OBJECT;
}

/** An object with these names and no others. */
export const recordOf = <Name extends string, T>(name: v.GenericSchema<string, Name>, item: Schema<T>) =>
  v.pipe(objectAlone, v.record(name, item, AN_OBJECT));

/** An object with any names. */
export const record = <T>(item: Schema<T>) => recordOf(v.string(), item);

/** What is wrong with a value as a whole, and the keys that lead from it to the place. */
export interface Departure {
  readonly at: readonly string[] | readonly number[];
  readonly expected: string;
  readonly got: unknown;
}

/** A rule about several fields of a value together. */
export const rule = <T>(departureOf: (value: T) => Departure | undefined) =>
  v.rawCheck<T>(({ dataset, addIssue }) => {
    const departure = dataset.typed ? departureOf(dataset.value) : undefined;
    if (!departure) return;
    const { at, expected, got } = departure;
    const path = at.map(
      (key) => ({ type: 'unknown', origin: 'value', input: undefined, key, value: got }) as const,
    );
    const [first, ...rest] = path;
    addIssue({ message: expected, input: got, ...(first && { path: [first, ...rest] }) });
  });

/** No two items may have one name: a report would show only one of them, or take both for the same. */
export const unlike = <Item>(nameOf: (item: Item) => string, what: string) =>
  rule<readonly Item[]>((items) => {
    const seen = new Set<string>();
    for (const [index, item] of items.entries()) {
      const name = nameOf(item);
      if (seen.has(name)) return { at: [index], expected: `another ${what} than those before it`, got: name };
      seen.add(name);
    }
    return undefined;
  });
