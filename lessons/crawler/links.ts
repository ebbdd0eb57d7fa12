// From HTML to a title and links. The default export is what a thread runs for large pages.
import { readable } from './readable.ts';
import { readTags } from './tags.ts';

export interface Content {
  readonly title: string;
  /** As written, to be resolved against `base`; each one once. */
  readonly links: readonly string[];
  /** The `<base>` of the page: the address that its links are relative to. */
  readonly base?: string;
  /** Links beyond the limit. */
  readonly more: number;
}

const MAX_LINKS = 2000;
const MAX_TITLE = 120;
/** A hostile title may have no end. Only this much of it is kept, before it is cleaned and cut to MAX_TITLE. */
const MAX_RAW_TITLE = 16 * 1024;

export default function contentOf(html: string): Content {
  const links = new Set<string>();
  let title = '';
  let base: string | undefined;
  let more = 0;
  /** Between `<title>` and `</title>`, for the first title only: a drawing inside the page may have one too. */
  let isInTitle = false;
  let hadTitle = false;
  readTags(html, {
    onTag(name, attributes) {
      const href = attributes.get('href');
      if (name === 'title') {
        isInTitle = !hadTitle;
        hadTitle = true;
      }
      if (name === 'base') base ??= href;
      if ((name !== 'a' && name !== 'area') || href === undefined || links.has(href)) return;
      if (links.size < MAX_LINKS) links.add(href);
      else more++;
    },
    onText(text) {
      if (isInTitle && title.length < MAX_RAW_TITLE) title += text;
    },
    onEndTag(name) {
      if (name === 'title') isInTitle = false;
    },
  });
  return {
    title: readable(title, MAX_TITLE),
    links: [...links],
    more,
    ...(base !== undefined && { base }),
  };
}
