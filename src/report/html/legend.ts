// What the shapes and colours of a picture mean.
import { html, type Markup } from './escape.ts';

/** `waiting` stands for no outcome: a request that has not had its turn. */
export type BarKey = 'waiting' | 'ok' | 'failed' | 'aborted';

export function barKey(name: BarKey, meaning: string): Markup {
  const [group, shape] = name === 'waiting' ? ['', 'wait'] : [`request ${name}`, 'bar'];
  return html`<li>
    <svg class="key" width="28" height="10" aria-hidden="true">
      <g class="${group}"><rect class="${shape}" width="28" height="10" /></g>
    </svg>
    ${meaning}
  </li>`;
}

export const limitKey = (meaning: string): Markup =>
  html`<li>
    <svg class="key" width="28" height="10" aria-hidden="true">
      <line class="limit" x1="14" x2="14" y1="0" y2="10" />
    </svg>
    ${meaning}
  </li>`;

export const legendOf = (keys: readonly Markup[]): Markup =>
  html`<ul class="legend">
    ${keys}
  </ul>`;
