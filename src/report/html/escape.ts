// HTML as a tagged template. Whatever is put into it is escaped, so that it is safe as text and as a quoted attribute. Only
// what the template itself made goes in as it is. So nobody can forget to escape something.
import { printable } from '../../printable.ts';

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

function render(piece: Piece): string {
  if (piece instanceof Markup) return piece.text;
  if (piece === null) return '';
  if (typeof piece === 'object') return piece.map(render).join('');
  return printable(String(piece)).replaceAll(/[&<>"']/g, (character) => ENTITIES[character]!);
}

/** The first `most` characters, and a sign that there were more. An emoji of two is not cut in half. */
export function clipped(text: string, most: number): string {
  if (text.length <= most) return text;
  return `${text.slice(0, most).replace(/[\ud800-\udbff]$/, '')}…`;
}
