// From HTML to a title and links, by a real parser: a regular expression finds links in comments and scripts, and
// misses those without quotes. The default export is what a thread runs for large pages.
import { Parser } from 'htmlparser2';

export interface Content {
  readonly title: string;
  /** As written, to be resolved against `base`. */
  readonly links: readonly string[];
  /** The page's own word on what its links are relative to. */
  readonly base?: string;
  /** Links beyond the limit. */
  readonly more: number;
}

const MAX_LINKS = 2000;
const MAX_TITLE = 120;
/** The parser looks through all open elements at each tag; a page of nothing but `<div>` would keep it for minutes. */
const MAX_OPEN = 5000;
const STEP = 16 * 1024;

export default function contentOf(html: string): Content {
  const links = new Set<string>();
  let [title, base, more] = ['', undefined as string | undefined, 0];
  let [isTitle, open] = [false, 0];
  const parser = new Parser({
    onopentag(name, { href }) {
      open++;
      isTitle = name === 'title' && title === '';
      if (name === 'base') base ??= href;
      if ((name !== 'a' && name !== 'area') || href === undefined || links.has(href)) return;
      if (links.size < MAX_LINKS) links.add(href);
      else more++;
    },
    ontext(text) {
      if (isTitle && title.length < MAX_TITLE) title += text;
    },
    onclosetag(name) {
      open--;
      if (name === 'title') isTitle = false;
    },
  });
  for (let at = 0; at < html.length; at += STEP) {
    if (open > MAX_OPEN) break;
    parser.write(html.slice(at, at + STEP));
  }
  parser.end();
  // A title is shown on a terminal, where control characters are commands.
  const readable = title.replaceAll(/\p{C}/gu, ' ').replaceAll(/\s+/g, ' ').trim().slice(0, MAX_TITLE);
  return { title: readable, links: [...links], more, ...(base !== undefined && { base }) };
}
