// Objects of one shape as one array for each key. Between threads that is a sixth of the price: the structured
// clone writes and reads every key of every object, some 1.5 µs for a record, and of an array only what is in it.

export type Columns =
  | { readonly keys: readonly string[]; readonly columns: readonly Columns[] }
  /** What has no common shape travels as it is. */
  | { readonly rows: readonly unknown[] };

/** The same values column by column, and so are the objects in them. */
export function toColumns(rows: readonly unknown[]): Columns {
  const [first] = rows;
  if (!isPlain(first)) return { rows };
  const keys = Object.keys(first);
  const haveOneShape = rows.every((row) => isPlain(row) && hasKeys(row, keys));
  // A key of this name, which parsed JSON may have, cannot be written back as others are.
  if (keys.length === 0 || !haveOneShape || keys.includes('__proto__')) return { rows };
  return { keys, columns: keys.map((key) => toColumns((rows as PlainObject[]).map((row) => row[key]))) };
}

/** What `toColumns` was given. */
export function fromColumns(columns: Columns): readonly unknown[] {
  if ('rows' in columns) return columns.rows;
  const { keys } = columns;
  const values = columns.columns.map(fromColumns);
  return values[0]!.map((_, index) => {
    const row: PlainObject = {};
    // By index, not by entries: this loop runs for every key of every record, in the thread all answers come to.
    for (let key = 0; key < keys.length; key++) row[keys[key]!] = values[key]![index];
    return row;
  });
}

type PlainObject = Record<string, unknown>;

const isPlain = (value: unknown): value is PlainObject =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

/** Whether these are the keys of `row`, in this order: another order would be another object afterwards. */
function hasKeys(row: PlainObject, keys: readonly string[]): boolean {
  let position = 0;
  for (const key in row) if (keys[position++] !== key) return false;
  return position === keys.length;
}
