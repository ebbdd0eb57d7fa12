// What a crawl left out, counted by reason. A hostile site can make up addresses, schemes and status codes without end, and
// none of them may fill our memory. So a few reasons of each kind are told apart, and a few examples of each reason kept.
import { readable } from './readable.ts';

export interface SkippedPage {
  readonly count: number;
  /** A few of the addresses, fit to be shown. */
  readonly examples: readonly string[];
}

export interface Reason {
  readonly text: string;
  /** The name of the entry that collects all further reasons of this kind, once there are `REASONS_OF_A_KIND` of them. */
  readonly kind: string;
}

const REASONS_OF_A_KIND = 8;
const EXAMPLES = 3;
const MAX_EXAMPLE = 2000;
const MAX_REASON = 60;

export class Tally {
  readonly #entries = new Map<string, { count: number; readonly examples: string[] }>();
  readonly #reasonsOfKind = new Map<string, Set<string>>();

  /** A reason that is always the same text is a string. A reason with a text from the site needs its `kind`. */
  add(reason: string | Reason, address: string, count = 1): void {
    const text = typeof reason === 'string' ? reason : this.#boundedText(reason);
    const entry = this.#entries.get(text) ?? { count: 0, examples: [] };
    entry.count += count;
    if (entry.examples.length < EXAMPLES) entry.examples.push(readable(address, MAX_EXAMPLE));
    this.#entries.set(text, entry);
  }

  #boundedText({ text, kind }: Reason): string {
    const reasons = this.#reasonsOfKind.get(kind) ?? new Set();
    this.#reasonsOfKind.set(kind, reasons);
    const shown = readable(text, MAX_REASON);
    if (!reasons.has(shown) && reasons.size >= REASONS_OF_A_KIND) return kind;
    reasons.add(shown);
    return shown;
  }

  get entries(): ReadonlyMap<string, SkippedPage> {
    return this.#entries;
  }
}
