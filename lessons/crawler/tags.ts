// The tags of an HTML page, one after the other, as a browser reads them. A regular expression would find tags in comments
// and scripts, and miss attributes without quotes.
//
// It uses the tokenizer of htmlparser2 and not its parser. The parser keeps a list of all open elements and moves that list
// at every tag, so that 200,000 times `<div>` keep it busy for minutes. Links need no such list.
import { Tokenizer } from 'htmlparser2';

export interface TagListener {
  /** A tag is open, with its name in lower case. Of an attribute that stands there twice, the first counts. */
  onTag(name: string, attributes: ReadonlyMap<string, string>): void;
  onText?(text: string): void;
  onEndTag?(name: string): void;
}

/** Reads a page to its end and calls `listener` for each tag. It never fails: every text is a page to a browser. */
export function readTags(html: string, listener: TagListener): void {
  let tagName = '';
  let attributes = new Map<string, string>();
  let attributeName = '';
  let attributeValue = '';
  const slice = (start: number, end: number) => html.slice(start, end);
  const endTag = () => listener.onTag(tagName, attributes);
  const ignored = () => {};

  const tokenizer = new Tokenizer(
    {},
    {
      onopentagname(start, end) {
        tagName = slice(start, end).toLowerCase();
        attributes = new Map();
      },
      onattribname(start, end) {
        attributeName = slice(start, end).toLowerCase();
        attributeValue = '';
      },
      onattribdata(start, end) {
        attributeValue += slice(start, end);
      },
      onattribentity(codePoint) {
        attributeValue += String.fromCodePoint(codePoint);
      },
      onattribend() {
        if (!attributes.has(attributeName)) attributes.set(attributeName, attributeValue);
      },
      onopentagend: endTag,
      onselfclosingtag: endTag, // a browser ignores the slash of `<a href="x"/>`
      onclosetag: (start, end) => listener.onEndTag?.(slice(start, end).toLowerCase()),
      ontext: (start, end) => listener.onText?.(slice(start, end)),
      ontextentity: (codePoint) => listener.onText?.(String.fromCodePoint(codePoint)),
      oncomment: ignored,
      oncdata: ignored,
      ondeclaration: ignored,
      onprocessinginstruction: ignored,
      onend: ignored,
    },
  );
  // The page is written in one piece, because the tokenizer counts places from the start of all that was written.
  tokenizer.write(html);
  tokenizer.end();
}
