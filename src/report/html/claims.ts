// What the article says, what this run measured, and whether the one agrees with the other.
import type { Claim, Verdict } from '../claim.ts';
import { SIGNS } from '../claims.ts';
import { clipped, html, type Markup } from './escape.ts';

const CLASSES: Readonly<Record<Verdict, string>> = {
  holds: 'holds',
  differs: 'differs',
  'undecided in this run': 'open',
  'not measured here': 'open',
};
const CHARACTERS = 600;

export function claimsList(claims: readonly Claim[]): Markup {
  return html`<ol class="claims">
    ${claims.map(
      ({ claim, article, measured, verdict, because }) =>
        html`<li class="${CLASSES[verdict]}">
          <p class="verdict"><span aria-hidden="true">${SIGNS[verdict]}</span> ${verdict}</p>
          <h3>${clipped(claim, CHARACTERS)}</h3>
          <dl>${part('the article', article)} ${part('this run', measured)} ${part('because', because)}</dl>
        </li>`,
    )}
  </ol>`;
}

const part = (name: string, text: string): Markup | null =>
  text === ''
    ? null
    : html`<div>
        <dt>${name}</dt>
        <dd>${clipped(text, CHARACTERS)}</dd>
      </div>`;
