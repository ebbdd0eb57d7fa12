// Colour, or none. Report functions are pure, so their caller says whether the reader's screen has colours.
import { stripVTControlCharacters, styleText } from 'node:util';

export type Style = Parameters<typeof styleText>[0];

/** Adds a style to a text, or returns it as it is. */
export type Paint = (style: Style, text: string) => string;

export const plain: Paint = (_style, text) => text;
export const coloured: Paint = (style, text) => styleText(style, text, { validateStream: false });

/** The paint for a stream: colour on a terminal that wants it; NO_COLOR and FORCE_COLOR are heard. */
export function paintFor(stream: NodeJS.WriteStream): Paint {
  return styleText('red', 'x', { stream }) === 'x' ? plain : coloured;
}

/** Columns of a report; wider text is wrapped. */
export const WIDTH = 80;

/** How many columns a text takes, its colour codes not counted. All our signs are one unit and one column. */
export const columns = (text: string): number => stripVTControlCharacters(text).length;

/** Fills up with blanks, on the right or on the left. */
export function pad(text: string, width: number, side: 'left' | 'right' = 'right'): string {
  const blanks = ' '.repeat(Math.max(0, width - columns(text)));
  return side === 'right' ? text + blanks : blanks + text;
}

/** A blank at which a line may break: none at the edge, in a row, or between a number and its unit. */
const BREAK = /(?<=\S) (?!(?<=\d )(?:ns|µs|ms|s|min|MiB|%)(?!\w))(?=\S)/;

/**
 * Breaks a text without colour between words into lines of at most `width` columns, all but the first indented by
 * `indent`. A word that is wider than a whole line is broken too.
 */
export function wrapped(text: string, width: number, indent = ''): string[] {
  const lines: string[] = [];
  let line = '';
  let isEmpty = true;
  const startNext = () => {
    lines.push(line);
    line = indent;
    isEmpty = true;
  };
  for (const word of text.split(BREAK)) {
    if (!isEmpty && columns(line) + 1 + columns(word) > width) startNext();
    let rest = isEmpty ? word : ` ${word}`;
    while (rest !== '' && columns(line) + rest.length > width) {
      // One character at least, so that an indent as wide as the line does not stop everything.
      const room = Math.max(1, width - columns(line));
      line += rest.slice(0, room);
      rest = rest.slice(room);
      startNext();
    }
    line += rest;
    isEmpty = false;
  }
  return [...lines, line];
}
