// A polite crawler. It stays on one origin, does as robots.txt says, has a limited number of requests in flight, repeats
// what fails from one budget, and limits everything that the other side decides.
//
// Whatever it leaves out, it counts with the reason. So each address that it sees ends in one of two places: it is a
// page that was read, or it was skipped.
import { Piscina } from 'piscina';
import { boundedPool } from '../../src/approaches/bounded-pool.ts';
import { retried } from '../../src/approaches/retry.ts';
import { withQueryIn } from './charset.ts';
import { Frontier, type Visit } from './frontier.ts';
import contentOf, { type Content } from './links.ts';
import { parseRobots, type MayVisit } from './robots.ts';
import { Tally, type Reason, type SkippedPage } from './tally.ts';
import { Visitor } from './visitor.ts';

export interface CrawlOptions {
  readonly concurrency: number;
  /** URLs in all, whatever comes of them. */
  readonly maxUrls: number;
  /** Links away from the start. */
  readonly maxDepth: number;
  /** Of one page. */
  readonly maxBytes: number;
  readonly timeoutMs: number;
  /** Repeats over the whole crawl. */
  readonly retries: number;
  readonly signal?: AbortSignal | undefined;
  readonly onPage?: ((page: Page) => void) | undefined;
}

export const POLITE: CrawlOptions = {
  concurrency: 4,
  maxUrls: 200,
  maxDepth: 8,
  maxBytes: 2 ** 20,
  timeoutMs: 10_000,
  retries: 10,
};

export interface Page {
  readonly url: string;
  readonly depth: number;
  readonly title: string;
  /** Who read the HTML: a page that is large would hold up every other visit of this thread. */
  readonly readIn: 'this thread' | 'a thread';
}

export interface Report {
  readonly pages: readonly Page[];
  /** By reason: how many links or pages, and a few of them. */
  readonly skipped: ReadonlyMap<string, SkippedPage>;
  /**
   * Addresses seen: all pages and all that was skipped. A link that was seen before counts once, a refused one as often
   * as pages have it. An address that redirects to a new one counts as one with it.
   */
  readonly seen: number;
}

const NAME = 'async-workbench-crawler';
/** As much of a robots.txt as RFC 9309 asks for. The rest is not read. */
const ROBOTS_BYTES = 500 * 1024;
const ROBOTS_HOPS = 5;
const LARGE_BYTES = 64 * 1024;
const MAX_URL = 2000;

/** @throws {TypeError} for a start that is no http URL; the signal's reason */
export async function crawl(start: string, options: CrawlOptions = POLITE): Promise<Report> {
  const { concurrency, maxUrls, maxDepth, maxBytes, timeoutMs, retries, signal, onPage } = options;
  const home = new URL(start);
  if (!/^https?:$/.test(home.protocol)) throw new TypeError(`start: expected an http URL, got ${start}`);
  await using resources = new AsyncDisposableStack();
  const visitor = resources.use(new Visitor({ connections: concurrency, timeoutMs, userAgent: NAME }));
  let threads: Piscina<string, Content> | undefined;
  resources.defer(() => threads?.destroy());

  const pages: Page[] = [];
  const tally = new Tally();
  let seen = 0;
  const skip = (reason: string | Reason, address: string, count?: number) =>
    tally.add(reason, address, count);

  const frontier = new Frontier(maxUrls);
  /** Adds an address to the frontier, or says why not. It must be cheap, because a page may have thousands of links. */
  function follow(
    href: string,
    base: URL,
    depth: number,
  ): 'added' | 'known' | { readonly reason: string | Reason; readonly address: string } {
    const url = href.length <= MAX_URL ? URL.parse(href, base) : null;
    if (!url) return { reason: 'no URL, or a very long one', address: href };
    if (!/^https?:$/.test(url.protocol)) {
      return { reason: { text: `not http (${url.protocol})`, kind: 'not http' }, address: url.href };
    }
    if (url.origin !== home.origin) return { reason: 'another origin', address: url.href };
    if (url.username || url.password) return { reason: 'carries a password', address: url.origin };
    if (depth > maxDepth) return { reason: `deeper than ${maxDepth} links`, address: url.href };
    const outcome = frontier.add({ url, depth });
    return outcome === 'full' ? { reason: `beyond ${maxUrls} URLs`, address: url.href } : outcome;
  }
  function followLink(href: string, base: URL, depth: number): void {
    const outcome = follow(href, base, depth);
    if (outcome === 'known') return; // counted where it was seen first
    seen++;
    if (outcome !== 'added') skip(outcome.reason, outcome.address);
  }
  /** The address that redirects has been counted as seen. What becomes of it becomes of the address that it leads to. */
  function followRedirect(to: string, from: URL, depth: number): void {
    const outcome = follow(to, from, depth);
    if (outcome === 'known') skip('redirects to what was seen before', from.href);
    else if (outcome !== 'added') skip(outcome.reason, outcome.address);
  }

  const get = retried((url: URL, signal?: AbortSignal) => visitor.get(url, 'text/html', maxBytes, signal), {
    idempotent: true,
    budget: retries,
    attempts: 3,
    maxMs: 5000,
  });
  async function visit({ url, depth }: Visit, inner?: AbortSignal) {
    if (!mayVisit) return skip('robots.txt cannot be had', url.href);
    if (!mayVisit(url.pathname + url.search)) return skip('robots.txt says no', url.href);
    const answer = await get(url, inner);
    if (answer.kind === 'redirect') return followRedirect(answer.to, url, depth + 1);
    if (answer.kind === 'other') return skip(answer.why, url.href);
    if (!answer.isWhole) return skip(`larger than ${maxBytes} bytes`, url.href);
    const { text, encoding } = answer;
    const isLarge = text.length > LARGE_BYTES;
    const { title, links, base, more } = isLarge ? await readInThread(text, inner) : contentOf(text);
    const page: Page = { url: url.href, depth, title, readIn: isLarge ? 'a thread' : 'this thread' };
    pages.push(page);
    onPage?.(page);
    const from = base === undefined ? url : baseOf(withQueryIn(encoding, base), url);
    for (const link of links) followLink(withQueryIn(encoding, link), from, depth + 1);
    if (more > 0) {
      seen += more;
      skip('too many links on one page', url.href, more);
    }
    return undefined;
  }

  // A page can be made so that reading its HTML takes long. An abort ends the thread, and the next page gets a new one.
  async function readInThread(html: string, inner?: AbortSignal): Promise<Content> {
    threads ??= new Piscina({ filename: LINKS, maxThreads: 1 });
    const late = AbortSignal.timeout(timeoutMs);
    try {
      return await threads.run(html, { signal: inner ? AbortSignal.any([inner, late]) : late });
    } catch (error) {
      throw late.aborted ? late.reason : error;
    }
  }

  const mayVisit = await robotsOf(home, visitor, signal);
  followLink(home.href, home, 0);
  await boundedPool(
    frontier,
    async (next, inner) => {
      try {
        await visit(next, inner);
      } catch (error) {
        // One page that fails is an entry; an abort ends the crawl.
        signal?.throwIfAborted();
        skip(reasonOf(error), next.url.href);
      } finally {
        frontier.done();
      }
    },
    { concurrency, signal },
  );
  return { pages, skipped: tally.entries, seen };
}

const LINKS = new URL('./links.ts', import.meta.url).href;

/**
 * What robots.txt allows. Without the file (4xx) everything is allowed. If there may be rules that we cannot get (5xx, no
 * answer), nothing is allowed, and the result is undefined. So it is for 429, which says that we ask too much.
 *
 * A redirect is followed, as RFC 9309 wants it, but only on this origin. A hostile site may try to send us to other
 * machines, for instance to those that only we can reach.
 */
async function robotsOf(home: URL, visitor: Visitor, signal?: AbortSignal): Promise<MayVisit | undefined> {
  let url = new URL('/robots.txt', home);
  try {
    for (let hops = 0; hops <= ROBOTS_HOPS && url.origin === home.origin; hops++) {
      const answer = await visitor.get(url, 'robots.txt', ROBOTS_BYTES, signal);
      if (answer.kind === 'text') return parseRobots(answer.text, NAME);
      if (answer.kind === 'other') return undefined;
      url = new URL(answer.to, url);
    }
    return undefined;
  } catch (error) {
    signal?.throwIfAborted();
    const { status = 0 } = error as { readonly status?: number };
    return status >= 400 && status <= 499 && status !== 429 ? () => true : undefined;
  }
}

/** The address that the links of a page with a `<base>` are relative to. As in browsers, it cannot be data or a script. */
function baseOf(href: string, page: URL): URL {
  const base = URL.parse(href, page);
  return base === null || base.protocol === 'data:' || base.protocol === 'javascript:' ? page : base;
}

function reasonOf(error: unknown): string | Reason {
  const { status, code, name } = error as { status?: number; code?: unknown; name?: string };
  if (status !== undefined) return { text: `answered ${status}`, kind: 'answered another status' };
  if (name === 'TimeoutError') return 'took too long';
  return { text: `failed (${typeof code === 'string' ? code : name})`, kind: 'failed' };
}
