// Text from outside (a file, a server, an error) on its way to a terminal or a page. A control character there moves
// the cursor or rings the bell, and a mark that turns the direction of writing makes a text read as another one.

// The control characters but tab and line feed; separators of lines and paragraphs; marks of direction.
// oxlint-disable-next-line no-control-regex
const UNPRINTABLE = /[\0-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028-\u202e\u2066-\u2069]/g;

/** Each such character becomes U+FFFD, and so does half of a surrogate pair. Tabs and line feeds stay. */
export const printable = (text: string): string => text.toWellFormed().replaceAll(UNPRINTABLE, '\ufffd');

// oxlint-disable-next-line no-control-regex
const COLOURS = /(\x1b\[(?:[0-4]|2[2-4]|3\d|9\d)m)/;

/**
 * The same for a line that we may have coloured: of all that controls a terminal, only codes
 * of colours stay, and none that hides text.
 */
export const printableLine = (line: string): string =>
  line
    .split(COLOURS)
    .map((part, index) => (index % 2 === 0 ? printable(part) : part))
    .join('');

/** The same in one line: line breaks, tabs and what surrounds them become one blank. */
export const oneLine = (text: string): string => printable(text.replaceAll(/\s*[\n\r\t]\s*/g, ' '));

/** The name of a file as a message has it. An empty one is quoted, because nobody would see it. So is one of blanks alone. */
export const shownName = (name: string): string => (name.trim() === '' ? JSON.stringify(name) : name);
