// JSON of any size, for a file or for the output: a run of a few million requests has more characters than a string holds, so
// it is written in pieces.

/** So many characters are collected before a piece is handed on. */
const PIECE = 2 ** 16;

/**
 * `value` as JSON, in pieces. If a list or an object holds other objects, each item, and each field after the first, begins a
 * new line. So a long file can be read with `grep` and compared line by line. `value` is plain data: toJSON is not called, and
 * objects are written field by field.
 */
export function* jsonPieces(value: unknown): Generator<string, void> {
  let piece = '';
  for (const part of parts(value)) {
    piece += part;
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  yield `${piece}\n`;
}

function* parts(value: unknown): Generator<string, void> {
  if (isFlat(value)) {
    yield JSON.stringify(value) ?? 'null';
  } else if (Array.isArray(value)) {
    let before = '[\n';
    for (const item of value as readonly unknown[]) {
      yield before;
      // A generator for each of a million spans would be slow. Nearly all of them need none.
      if (isFlat(item)) yield JSON.stringify(item) ?? 'null';
      else yield* parts(item);
      before = ',\n';
    }
    yield '\n]';
  } else {
    let before = '{';
    for (const [key, field] of Object.entries(value as object)) {
      if (field === undefined) continue;
      yield `${before}${JSON.stringify(key)}:`;
      yield* parts(field);
      before = ',\n';
    }
    yield before === '{' ? '{}' : '}';
  }
}

/** Whether it holds no object that holds something: a number, a list of numbers, an object of texts. */
function isFlat(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return true;
  if (Array.isArray(value)) return value.every((item) => typeof item !== 'object' || item === null);
  for (const field of Object.values(value)) if (typeof field === 'object' && field !== null) return false;
  return true;
}
