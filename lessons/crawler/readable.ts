// Text from a stranger, made fit to be shown. On a terminal some characters are commands: they clear the screen, change
// the title of the window, or turn the reading direction, so that a line says something else than what it is.

/** Cf are the invisible ones. Joiners and tags hold an emoji of several characters together, as in a family or a flag. */
const INVISIBLE = /(?![\u200c\u200d\u{e0020}-\u{e007f}])\p{Cf}/gu;
const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** One line of at most `maxLength` UTF-16 units, without commands. It never ends in the middle of an emoji. */
export function readable(text: string, maxLength: number): string {
  const line = text
    .slice(0, 100 * maxLength) // the rest could not be shown, whatever is taken out
    .toWellFormed()
    .replaceAll(INVISIBLE, '')
    .replaceAll(/[\p{Cc}\s]+/gu, ' ')
    .trim();
  let shown = '';
  for (const { segment } of graphemes.segment(line)) {
    if (shown.length + segment.length > maxLength) break;
    shown += segment;
  }
  return shown.trimEnd();
}
