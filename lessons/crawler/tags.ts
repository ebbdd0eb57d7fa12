// The tags of an HTML page, one after the other, as a browser reads them: a regular expression finds tags in comments
// and scripts, and misses attributes without quotes.
//
// It is the tokenizer of htmlparser2 and not its parser, which keeps a list of all open elements and moves that list at
// every tag: 200,000 times `<div>` keep it busy for minutes. Links need no such list, so nesting may go as deep as it likes.
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
  // In one piece: the places that the tokenizer tells are counted from the start of all that was written.
  tokenizer.write(html);
  tokenizer.end();
}
