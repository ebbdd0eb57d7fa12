// Finds values that JSON in a database cannot carry. JSON.stringify drops or changes them silently: a Date arrives as a text, a
// Map as {}. And Postgres refuses some texts. The user should learn this before values go through a queue.

/** Why JSON cannot carry `value`, as the end of a sentence: `has a Date at .when`. Undefined if it can. */
export function jsonProblem(value: unknown): string | undefined {
  try {
    return problemAt(value, '', new Set());
  } catch (error) {
    return error instanceof RangeError ? 'is nested too deeply' : 'cannot be read';
  }
}

/** `above` are the objects that contain `value`. */
function problemAt(value: unknown, path: string, above: Set<object>): string | undefined {
  // JSON leaves out a field that is undefined. It reads as undefined afterwards, so nothing changes.
  if (value === undefined || value === null) return undefined;
  if (typeof value === 'boolean') return undefined;
  if (typeof value === 'string') return isStorable(value) ? undefined : problem(UNSTORABLE, path);
  if (typeof value === 'number') return Number.isFinite(value) ? undefined : problem(String(value), path);
  if (typeof value !== 'object') return problem(`a ${typeof value}`, path);
  if (above.has(value)) return problem('a circle', path);
  above.add(value);
  const found = Array.isArray(value) ? inList(value, path, above) : inObject(value, path, above);
  above.delete(value);
  return found;
}

function inList(items: readonly unknown[], path: string, above: Set<object>): string | undefined {
  for (let index = 0; index < items.length; index++) {
    const place = `${path}[${index}]`;
    const found =
      items[index] === undefined ? problem('nothing', place) : problemAt(items[index], place, above);
    if (found !== undefined) return found;
  }
  return undefined;
}

function inObject(object: object, path: string, above: Set<object>): string | undefined {
  const prototype: unknown = Object.getPrototypeOf(object);
  const isPlain = prototype === null || Object.getPrototypeOf(prototype) === null;
  if (!isPlain) return problem(`a ${object.constructor?.name || 'class instance'}`, path);
  for (const [key, field] of Object.entries(object)) {
    if (!isStorable(key)) return problem('a name that Postgres cannot store', path);
    const found = problemAt(field, `${path}.${key}`, above);
    if (found !== undefined) return found;
  }
  return undefined;
}

const UNSTORABLE = 'a text that Postgres cannot store (with the character 0, or half a character)';

/** Postgres stores no character 0, and no half of a surrogate pair. */
const isStorable = (text: string): boolean => !text.includes('\0') && text.isWellFormed();

/** Replaces all characters that Postgres does not store. */
export const storableText = (text: string): string => text.toWellFormed().replaceAll('\0', '\uFFFD');

const LONGEST_PATH = 60;

const problem = (what: string, path: string): string =>
  path === '' ? `is ${what}` : `has ${what} at ${path.slice(0, LONGEST_PATH)}`;
