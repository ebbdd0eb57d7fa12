// The article ends with advice: begin with a small project, for instance a crawler. Here is one. First the obvious
// crawler, which goes from level to level and fetches each level by an approach; then a polite one, lessons/crawler,
// which one can let loose on strangers.
//
// Claim: every approach finds the same pages, only the time differs. The polite crawler finds them too, except what
// robots.txt closes (there a site says what crawlers may not visit); it has never more than four requests in flight,
// never leaves its origin, tries again what is only crowded, gets out of the endless archive, and says why it left out
// whatever it left out.
import assert from 'node:assert/strict';
import { Counters } from '../src/api/counters.ts';
import { intercept } from '../src/api/intercept.ts';
import { ORIGIN } from '../src/api/origin.ts';
import { boundedPool } from '../src/approaches/bounded-pool.ts';
import { promiseAll } from '../src/approaches/promise-all.ts';
import { sequential } from '../src/approaches/sequential.ts';
import { crawl, POLITE, type CrawlOptions } from './crawler/crawl.ts';
import contentOf from './crawler/links.ts';
import { Visitor } from './crawler/visitor.ts';
import { seconds, play } from './stage.ts';

const START = `${ORIGIN}/site/`;
const MAX_DEPTH = 4;
const CONCURRENCY = 4;
const RETRIES = 10;

const pool: typeof promiseAll = (inputs, task) => boundedPool(inputs, task, { concurrency: CONCURRENCY });

/** The obvious crawler. MAX_DEPTH is all that stops it in the archive, and robots.txt it has not heard of. */
async function wander(approach: typeof promiseAll, visitor: Visitor): Promise<Set<string>> {
  let level = [START];
  const [found, seen] = [new Set<string>(), new Set(level)];
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    const next = await approach(level, async (url) => {
      const answer = await visitor.get(new URL(url), 'text/html', 2 ** 20).catch(() => undefined);
      if (answer?.kind === 'redirect') return [answer.to];
      if (answer?.kind !== 'text') return [];
      found.add(url);
      return contentOf(answer.text).links.map((link) => new URL(link, url).href.replace(/#.*/, ''));
    });
    // A set, or the cycles of the menu would keep every level as long as the last.
    const fresh = new Set(next.flat().map((link) => new URL(link, START).href));
    level = [...fresh.difference(seen)].filter((url) => url.startsWith(ORIGIN));
    for (const url of level) seen.add(url);
  }
  return found;
}

/** A site of its own for each crawl, and what it saw. */
async function onSite<Found>(work: () => Promise<Found>) {
  const counters = new Counters();
  using _ = intercept({ conditions: { latencyMs: 1000, jitterMs: 0, seed: 1 }, counters });
  const start = performance.now();
  const found = await work();
  return { found, took: seconds(performance.now() - start), peak: counters.read().peakInFlight };
}

type Ingredients = { gather?: typeof promiseAll; polite?: Partial<CrawlOptions> };

export async function run({ gather = promiseAll, polite }: Ingredients = {}): Promise<void> {
  const print = (name: string, took: number, peak: number, pages: number) =>
    console.log(`${name.padEnd(12)} ${'━'.repeat(took)} ${took} s, ${peak} in flight, ${pages} pages`);
  const sets: Array<Set<string>> = [];
  for (const [name, approach] of Object.entries({ 'one by one': sequential, 'all at once': gather, pool })) {
    await using visitor = new Visitor({ connections: 100, timeoutMs: 60_000, userAgent: 'wanderer' });
    const { found, took, peak } = await onSite(() => wander(approach as typeof promiseAll, visitor));
    print(name, took, peak, found.size);
    sets.push(found);
  }

  const limits = { ...POLITE, concurrency: CONCURRENCY, maxDepth: MAX_DEPTH, retries: RETRIES, ...polite };
  const { found, took, peak } = await onSite(() => crawl(START, limits));
  print('polite', took, peak, found.pages.length);
  found.skipped.forEach(({ count, examples }, why) => console.log(`  ${why}: ${count}, ${examples[0]}`));

  const sorted = (urls: Set<string>) => [...urls].map((url) => url.slice(START.length)).sort();
  const [first, ...others] = sets as [Set<string>, ...typeof sets];
  for (const other of others) assert.deepEqual(sorted(other), sorted(first), 'all find the same');
  // robots.txt closes one page; a second try opens another.
  const difference = sorted(first.symmetricDifference(new Set(found.pages.map(({ url }) => url))));
  assert.deepEqual(difference, ['crowded', 'kitchen/knives'], 'the polite one finds the same but for two');
  assert.ok(peak <= CONCURRENCY, `never more than ${CONCURRENCY} in flight, not ${peak}`);
}

if (import.meta.main) await play(run);

// Output:
//
// one by one   ━━━━━━━━━━━━━━━━━━━━━ 21 s, 1 in flight, 14 pages
// all at once  ━━━━━━━━━ 9 s, 8 in flight, 14 pages
// pool         ━━━━━━━━━━ 10 s, 4 in flight, 14 pages
// polite       ━━━━━━━━ 8 s, 4 in flight, 14 pages
//   another origin: 1, http://elsewhere.test/
//   not http (mailto:): 1, mailto:ada@orders.test
//   not http (javascript:): 1, javascript:alert(1)
//   redirects to what was seen before: 1, http://orders.test/site/old-menu
//   robots.txt says no: 1, http://orders.test/site/kitchen/knives
//   answered 500: 1, http://orders.test/site/broken
//   deeper than 4 links: 1, http://orders.test/site/archive/5
//
// Notice that the polite crawler is not the slow one. Its lanes never wait for the end of a level, since its input is
// the frontier: an async iterable that lanes draw from and pages add to, and that ends when nobody can add any more.
// Two of its seconds it waited for a table, as the crowded page had asked. Read lessons/crawler/crawl.ts next: half of
// it is limits, because what the other side decides (how many links, how long, where to) may be meant to harm.
// `node lessons/crawler/cli.ts http://127.0.0.1:4000/site/` crawls what `npm run api` serves.
//
// Question: what does it miss when it may repeat nothing, and why does the claim fall? Change `RETRIES = 10` in line 24.
