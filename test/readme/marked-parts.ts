// Replaces the marked parts of a Markdown file, for `npm run readme`, and leaves all else as people wrote it. A marked
// part stands between two comments, which no reader of the page sees:
//
//   <!-- generated: NAME -->
//   <!-- end -->
//
// Text in a part that begins on a line of its own is set off by blank lines. In the middle of a sentence it is not. There a
// mark must not be the first word of its line, or Markdown would take the whole line for HTML.

/** What belongs into each part, by the name of the part. */
export type TextOfParts = Readonly<Record<string, string>>;

const OPENING = /<!-- generated: ([\w ]+) -->/g;
const CLOSING = '<!-- end -->';

/** The names of the parts that `markdown` has a place for, in their order. */
export const partNames = (markdown: string): string[] =>
  Array.from(markdown.matchAll(OPENING), ([, name]) => name!);

/**
 * The file with these parts, all of them new.
 * @throws {Error} if the file has no place for one of them, two places, or a place for something else
 */
export function withParts(markdown: string, parts: TextOfParts): string {
  const found = partNames(markdown).toSorted();
  const expected = Object.keys(parts).toSorted();
  if (found.join() !== expected.join()) {
    throw new Error(`expected the marked parts ${listed(expected)}, got ${listed(found)}`);
  }
  return Object.entries(parts).reduce((text, [name, content]) => withPart(text, name, content), markdown);
}

const listed = (names: readonly string[]): string => names.map((name) => `"${name}"`).join(', ') || 'none';

function withPart(markdown: string, name: string, content: string): string {
  const opening = `<!-- generated: ${name} -->`;
  const start = markdown.indexOf(opening) + opening.length;
  const end = markdown.indexOf(CLOSING, start);
  const next = markdown.slice(start).search(OPENING);
  // Without this check, a part whose end was lost would swallow all text up to the end of another part.
  const isLost = end < 0 || (next >= 0 && start + next < end);
  if (isLost) throw new Error(`expected ${CLOSING} behind ${opening}, got none`);
  const isBlock = markdown[start] === '\n';
  const lineStart = markdown.lastIndexOf('\n', start - 1) + 1;
  if (!isBlock && markdown.slice(lineStart, start).trim() === opening) {
    throw new Error(`expected a word before ${opening} in its line, got none`);
  }
  const blank = isBlock ? '\n\n' : '';
  return markdown.slice(0, start) + blank + content + blank + markdown.slice(end);
}
