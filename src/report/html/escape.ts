// HTML as a tagged template. Whatever is put into it is escaped, as text and as a quoted attribute alike; only
// what the template itself made goes in as it is. So there is no way to forget the escaping.

export class Markup {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
}

export type Piece = Markup | string | number | null | readonly Piece[];

export function html(strings: TemplateStringsArray, ...pieces: readonly Piece[]): Markup {
  return new Markup(strings.reduce((text, string, index) => text + render(pieces[index - 1]!) + string));
}

const ENTITIES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Controls, and marks that turn the direction of the text around them: an error message may not do that. */
// oxlint-disable-next-line no-control-regex
const UNPRINTABLE = /[\0-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g;

function render(piece: Piece): string {
  if (piece instanceof Markup) return piece.text;
  if (piece === null) return '';
  if (typeof piece === 'object') return piece.map(render).join('');
  return String(piece)
    .replaceAll(UNPRINTABLE, '\ufffd')
    .replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** The first `most` characters, and a sign that there were more. */
export const clipped = (text: string, most: number): string =>
  text.length > most ? `${text.slice(0, most)}…` : text;
