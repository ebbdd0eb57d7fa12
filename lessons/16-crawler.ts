// The article ends with advice: begin with a small project, for example a crawler. A crawler is a
// program that reads a page, follows its links, reads those pages, and so on. Here are two. The
// obvious one goes level by level, and reads each level by one of our approaches. The polite one,
// in lessons/crawler, can be let loose on the servers of strangers.
//
// Claim: every approach finds the same pages, and only the time differs. The polite crawler finds
// them too, except what robots.txt closes (in that file a site says what crawlers may not visit).
// It never has more than four requests in flight, never leaves its site, tries again what was only
// crowded, and gets out of the endless archive. For whatever it leaves out, it says why.
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

// The site is part of the mocked API. Each page takes a second, so the times below are easy to
// read.
const START = `${ORIGIN}/site/`;
const MAX_DEPTH = 4;
const CONCURRENCY = 4;
const RETRIES = 10;

const pool: typeof promiseAll = (inputs, task) => boundedPool(inputs, task, { concurrency: CONCURRENCY });

// The obvious crawler. In the archive of this site every page links to a next one, for ever.
// MAX_DEPTH is all that stops it there, and it has never heard of robots.txt.
async function wander(approach: typeof promiseAll, visitor: Visitor): Promise<Set<string>> {
  const found = new Set<string>();
  const seen = new Set([START]);
  let level = [START];
  for (let depth = 0; depth <= MAX_DEPTH; depth++) {
    // One level, by the approach: each page gives the links that stand in it.
    const next = await approach(level, async (url) => {
      const answer = await visitor.get(new URL(url), 'text/html', 2 ** 20).catch(() => undefined);
      if (answer?.kind === 'redirect') return [answer.to];
      if (answer?.kind !== 'text') return [];
      found.add(url);
      return contentOf(answer.text).links.map((link) => new URL(link, url).href.replace(/#.*/, ''));
    });
    // Pages link back to each other. Without the set of what was seen, the crawler would go in
    // circles.
    const fresh = new Set(next.flat().map((link) => new URL(link, START).href));
    level = [...fresh.difference(seen)].filter((url) => url.startsWith(ORIGIN));
    for (const url of level) seen.add(url);
  }
  return found;
}

/** Opens a site of its own for each crawl, so that its counters tell what this crawl did. */
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

  // Three obvious crawlers, which differ in nothing but the approach.
  const sets: Array<Set<string>> = [];
  for (const [name, approach] of Object.entries({ 'one by one': sequential, 'all at once': gather, pool })) {
    await using visitor = new Visitor({ connections: 100, timeoutMs: 60_000, userAgent: 'wanderer' });
    const { found, took, peak } = await onSite(() => wander(approach as typeof promiseAll, visitor));
    print(name, took, peak, found.size);
    sets.push(found);
  }

  // The polite one has no approach of its own: it is a bounded pool whose input grows while it
  // runs. It counts what it left out, by the reason, and keeps an example of each.
  const limits = { ...POLITE, concurrency: CONCURRENCY, maxDepth: MAX_DEPTH, retries: RETRIES, ...polite };
  const { found, took, peak } = await onSite(() => crawl(START, limits));
  print('polite', took, peak, found.pages.length);
  console.log('  left out:');
  found.skipped.forEach(({ count, examples }, why) => console.log(`  ${why}: ${count}, ${examples[0]}`));

  // Sets have no order that matters: who found which page first is chance. So we sort before we
  // compare.
  const sorted = (urls: Set<string>) => [...urls].map((url) => url.slice(START.length)).sort();
  const [first, ...others] = sets as [Set<string>, ...typeof sets];
  for (const other of others)
    assert.deepEqual(sorted(other), sorted(first), 'every approach finds the same pages');
  // Two pages differ. robots.txt closes one to the polite crawler; and "crowded" answers only at a
  // second try, which the obvious crawlers do not make.
  const difference = sorted(first.symmetricDifference(new Set(found.pages.map(({ url }) => url))));
  assert.deepEqual(difference, ['crowded', 'kitchen/knives'], 'pages that only one kind of crawler finds');
  assert.ok(
    peak <= CONCURRENCY,
    `the polite crawler has at most ${CONCURRENCY} requests in flight, not ${peak}`,
  );
}

if (import.meta.main) await play(run);

// Output:
//
// one by one   ━━━━━━━━━━━━━━━━━━━━━ 21 s, 1 in flight, 14 pages
// all at once  ━━━━━━━━━ 9 s, 8 in flight, 14 pages
// pool         ━━━━━━━━━━ 10 s, 4 in flight, 14 pages
// polite       ━━━━━━━━ 8 s, 4 in flight, 14 pages
//   left out:
//   another origin: 1, http://elsewhere.test/
//   not http (mailto:): 1, mailto:ada@orders.test
//   not http (javascript:): 1, javascript:alert(1)
//   redirects to what was seen before: 1, http://orders.test/site/old-menu
//   robots.txt says no: 1, http://orders.test/site/kitchen/knives
//   answered 500: 1, http://orders.test/site/broken
//   deeper than 4 links: 1, http://orders.test/site/archive/5
//
// Notice that the polite crawler is not the slow one. It has no levels, so its lanes never wait for
// the end of one. They draw from the frontier, an async iterable: pages add the links they find,
// and it ends when no page can add any more. For two of its seconds it waited because the crowded
// page had asked it to.
//
// Read lessons/crawler/crawl.ts next. Half of it is limits, because the other side decides how many
// links there are, how long a page is and where a link leads, and may mean harm. To crawl what
// `npm run api` serves, run `npx node lessons/crawler/cli.ts http://127.0.0.1:4000/site/`.
//
// Question: the polite crawler may not repeat a request. Which page does it miss, and why does the
// claim fail?
// Change `RETRIES = 10` in line 27.
