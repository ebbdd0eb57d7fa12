// Text from a stranger, as one line of a limited length.
import { oneLine } from '../../src/printable.ts';

const graphemes = new Intl.Segmenter(undefined, { granularity: 'grapheme' });

/** At most `maxLength` UTF-16 units, without what a terminal would obey. It never ends in the middle of an emoji. */
export function readable(text: string, maxLength: number): string {
  const start = text.slice(0, 100 * maxLength); // the rest could not be shown, however many blanks this has
  const line = oneLine(start.replaceAll(/\s+/g, ' ').trim());
  let shown = '';
  for (const { segment } of graphemes.segment(line)) {
    if (shown.length + segment.length > maxLength) break;
    shown += segment;
  }
  return shown.trimEnd();
}
