// A polite crawler: one origin, robots.txt, so many requests at once, retries with a budget, and limits on everything
// that the other side decides. What it leaves out it counts, with the reason.
import { Piscina } from 'piscina';
import { boundedPool } from '../../src/approaches/bounded-pool.ts';
import { retried } from '../../src/approaches/retry.ts';
import { Frontier, type Visit } from './frontier.ts';
import contentOf, { type Content } from './links.ts';
import { parseRobots, type MayVisit } from './robots.ts';
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
  /** By reason: how many links or pages, and a few of them. A hostile site must not fill this either. */
  readonly skipped: ReadonlyMap<string, { count: number; readonly examples: string[] }>;
}

const NAME = 'async-workbench-crawler';
/** As much as RFC 9309 asks for; what comes after is not read. */
const ROBOTS_BYTES = 500 * 1024;
const ROBOTS_HOPS = 5;
const LARGE_BYTES = 64 * 1024;
const MAX_URL = 2000;
const EXAMPLES = 3;

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
  const skipped = new Map<string, { count: number; examples: string[] }>();
  function skip(reason: string, url: string, count = 1) {
    const entry = skipped.get(reason) ?? { count: 0, examples: [] };
    entry.count += count;
    if (entry.examples.length < EXAMPLES) entry.examples.push(printable(url));
    skipped.set(reason, entry);
  }

  const frontier = new Frontier(maxUrls);
  /** Takes up a link, or says why not. Cheap, because a page may have thousands. */
  function follow(href: string, base: URL, depth: number) {
    const url = href.length <= MAX_URL ? URL.parse(href, base) : null;
    if (!url) return skip('no URL, or a very long one', href);
    if (!/^https?:$/.test(url.protocol)) return skip(`not http (${url.protocol})`, url.href);
    if (url.origin !== home.origin) return skip('another origin', url.href);
    if (url.username || url.password) return skip('carries a password', url.origin);
    if (depth > maxDepth) return skip(`deeper than ${maxDepth} links`, url.href);
    if (frontier.add({ url, depth }) === 'full') skip(`beyond ${maxUrls} URLs`, url.href);
    return undefined;
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
    if (answer.kind === 'redirect') return follow(answer.to, url, depth + 1);
    if (answer.kind === 'other') return skip(answer.why, url.href);
    if (!answer.isWhole) return skip(`larger than ${maxBytes} bytes`, url.href);
    const isLarge = answer.text.length > LARGE_BYTES;
    const { title, links, base, more } = isLarge
      ? await readInThread(answer.text, inner)
      : contentOf(answer.text);
    const page: Page = { url: url.href, depth, title, readIn: isLarge ? 'a thread' : 'this thread' };
    pages.push(page);
    onPage?.(page);
    const from = (base !== undefined && URL.parse(base, url)) || url;
    for (const link of links) follow(link, from, depth + 1);
    if (more > 0) skip('too many links on one page', url.href, more);
    return undefined;
  }

  // HTML too can be made to take long. A thread that is aborted in its work is ended, and the next gets a new one.
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
  follow(home.href, home, 0);
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
  return { pages, skipped };
}

const LINKS = new URL('./links.ts', import.meta.url).href;

/** Without rules (4xx) all is allowed. When there may be rules but they cannot be had: nothing, and undefined. */
async function robotsOf(home: URL, visitor: Visitor, signal?: AbortSignal): Promise<MayVisit | undefined> {
  let url = new URL('/robots.txt', home);
  try {
    for (let hops = 0; hops <= ROBOTS_HOPS && url.origin === home.origin; hops++) {
      const answer = await visitor.get(url, '', ROBOTS_BYTES, signal);
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

/** For a terminal, where control characters are commands. */
const printable = (url: string) => url.slice(0, MAX_URL).replaceAll(/\p{C}/gu, ' ');

function reasonOf(error: unknown): string {
  const { status, code, name } = error as { status?: number; code?: unknown; name?: string };
  if (status !== undefined) return `answered ${status}`;
  return name === 'TimeoutError' ? 'took too long' : `failed (${typeof code === 'string' ? code : name})`;
}
