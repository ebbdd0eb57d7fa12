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

/** Whose claims these are. A link that a reader may follow; the page itself asks for nothing. */
const ARTICLE = html`The article is
  <a href="https://yigebao.com/en/content/aid/2904" rel="noreferrer"
    >“In-Depth Analysis of Python Asynchronous Programming: Mastering asyncio and aiohttp from Scratch”</a
  >
  (2024-12-15).`;

/** The claims with their source. Null if there are none. */
export const claimsSection = (claims: readonly Claim[]): Markup | null =>
  claims.length === 0
    ? null
    : html`<section id="claims">
        <h2>The article’s claims, in this run</h2>
        <p class="settings">${ARTICLE}</p>
        ${claimsList(claims)}
      </section>`;

function claimsList(claims: readonly Claim[]): Markup {
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
