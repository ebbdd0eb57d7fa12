import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import * as fc from 'fast-check';
import { crawl, POLITE, type CrawlOptions } from '../../../lessons/crawler/crawl.ts';
import { INSTANT } from '../../../src/api/conditions.ts';
import { Gate } from '../../../src/api/gate.ts';
import { Counters } from '../../../src/api/counters.ts';
import { intercept } from '../../../src/api/intercept.ts';
import { ORIGIN } from '../../../src/api/origin.ts';
import { serve } from '../../../src/api/serve.ts';
import { cookInBatches } from '../../../lessons/pitfalls/frame/restaurant.ts';
import { run, runLines } from '../../processes.ts';
import { bomb, flood, hostileSite, html, links, redirect, type Answer } from './hostile-site.ts';

const MIB = 2 ** 20;
const reset: Answer = (_, request) => request.socket.resetAndDestroy();

/**
 * Answers of a site that end in a time limit. No clock decides: the crawler's limit is up when the site has been asked, and
 * with one visit at a time there is only one limit.
 */
function lateAnswers(context: TestContext): { readonly never: Answer; readonly drip: Answer } {
  let limit = new AbortController();
  context.mock.method(AbortSignal, 'timeout', () => {
    limit = new AbortController();
    return limit.signal;
  });
  const expire = () => limit.abort(new DOMException('the limit is up', 'TimeoutError'));
  return {
    never: expire,
    drip: (response) => {
      response.writeHead(200, { 'content-type': 'text/html' });
      response.write('x');
      setImmediate(expire);
    },
  };
}

/** Crawls a hostile site from its `/`: the paths of the pages, and the count of what was skipped, by reason. */
async function onHostile(answers: Record<string, Answer>, options: Partial<CrawlOptions> = {}) {
  await using site = await hostileSite(answers);
  const { pages, skipped, seen } = await crawl(`${site.origin}/`, { ...POLITE, ...options });
  const paths = pages.map(({ url }) => url.slice(site.origin.length));
  const counts = Object.fromEntries(Array.from(skipped, ([reason, { count }]) => [reason, count]));
  const fates = pages.length + Object.values(counts).reduce((sum, count) => sum + count, 0);
  assert.equal(seen, fates, 'every address that was seen is a page or was skipped');
  return { pages, paths, counts, skipped, seen, asked: site.asked, sent: site.sent };
}

test('on the mocked site: every page once, everything else with its reason, on both networks', async () => {
  async function onIntercepted() {
    using _ = intercept({ conditions: INSTANT });
    return await crawl(`${ORIGIN}/site/`);
  }
  const intercepted = await onIntercepted();
  await using server = await serve({ conditions: INSTANT });
  const served = await crawl(`${server.origin}/site/`);
  const paths = (report: typeof served) => report.pages.map(({ url }) => new URL(url).pathname).sort();
  assert.deepEqual(paths(served), paths(intercepted));
  const expected = ['', 'archive/1', 'archive/2', 'archive/3', 'archive/4', 'archive/5', 'archive/6'];
  expected.push('archive/7', 'archive/8', 'catalogue', 'crowded', 'dishes/1', 'dishes/2', 'dishes/3');
  expected.push('dishes/3', 'dishes/4', 'menu', 'news');
  assert.deepEqual(
    paths(served),
    expected.map((path) => `/site/${path}`),
  );
  assert.deepEqual(Array.from(served.skipped.keys()).sort(), [
    'another origin',
    'answered 500',
    'deeper than 8 links',
    'not http (javascript:)',
    'not http (mailto:)',
    'redirects to what was seen before',
    'robots.txt says no',
  ]);
  const large = served.pages.filter(({ readIn }) => readIn === 'a thread');
  assert.deepEqual(
    large.map(({ url }) => new URL(url).pathname),
    ['/site/catalogue'],
  );
});

test('never more visits at once than allowed, and the lanes are used', async () => {
  const [counters, gate] = [new Counters(), new Gate()];
  await using server = await serve({ conditions: INSTANT, counters, gate });
  const crawling = crawl(`${server.origin}/site/`, { ...POLITE, concurrency: 3 });
  await gate.waitFor(1); // the first page has the links that the lanes share
  gate.letGo();
  await gate.waitFor(3);
  void cookInBatches(gate, 1);
  await crawling;
  assert.equal(counters.read().peakInFlight, 3);
});

test('an abort ends the crawl with its reason, and the API sees every request leave', async () => {
  const [counters, gate, client] = [new Counters(), new Gate(), new AbortController()];
  await using server = await serve({ conditions: INSTANT, counters, gate });
  const crawling = crawl(`${server.origin}/site/`, { ...POLITE, signal: client.signal });
  await gate.waitFor(1);
  gate.letGo();
  await gate.waitFor(4);
  const reason = new Error('closing time');
  client.abort(reason);
  await assert.rejects(crawling, reason);
  while (counters.read().inFlight > 0) await new Promise(setImmediate);
  const { started, completed, aborted } = counters.read();
  assert.deepEqual({ started, completed, aborted }, { started: 5, completed: 1, aborted: 4 });
});

test('endless links end at the depth, endless names at the count', async () => {
  const deeper: Answer = (response, request) => links(`${request.url}x`)(response, request);
  const deep = await onHostile({ '/*': deeper, '/robots.txt': html() }, { maxDepth: 10 });
  assert.deepEqual([deep.paths.length, deep.counts], [11, { 'deeper than 10 links': 1 }]);

  let name = 0;
  const wider: Answer = (response, request) =>
    links(...Array.from({ length: 100 }, () => `/${name++}`))(response, request);
  const wide = await onHostile({ '/robots.txt': html(), '/*': wider }, { maxUrls: 50 });
  assert.equal(wide.paths.length, 50);
  assert.equal(wide.counts['beyond 50 URLs'], 100 * 50 - 49);
  assert.equal(wide.skipped.get('beyond 50 URLs')?.examples.length, 3);
});

test('cycles of links and of redirects are gone through once', async () => {
  const { paths, asked, counts } = await onHostile({
    '/': links('/a', '/round'),
    '/a': links('/', '/b', '/a#top', '?'),
    '/b': links('/a', '/', '//'),
    '/round': redirect('/about'),
    '/about': redirect('/round'),
  });
  assert.deepEqual(
    [paths.sort(), counts],
    [['/', '/a', '/b'], { 'no URL, or a very long one': 1, 'redirects to what was seen before': 1 }],
  );
  assert.equal(new Set(asked).size, asked.length);
});

test('it stays on its origin, whatever a link, a base, a redirect or robots.txt says', async () => {
  await using neighbour = await hostileSite({ '/*': html('<title>not for you</title>') });
  const port = new URL(neighbour.origin).port;
  const { paths, counts } = await onHostile({
    '/': links(
      neighbour.origin,
      `//127.0.0.1:${port}/`,
      `http://localhost:${port}/`,
      'file:///etc/passwd',
      'javascript:alert(1)',
      'data:text/html,x',
      'ftp://127.0.0.1/',
      '/leave',
      '/based',
      'http://[',
      `/${'long'.repeat(1000)}`,
    ),
    '/leave': redirect(`${neighbour.origin}/x`),
    '/based': html(`<base href="${neighbour.origin}/"><a href="there">`),
  });
  assert.deepEqual(neighbour.asked, []);
  assert.deepEqual(paths.sort(), ['/', '/based']);
  assert.deepEqual(counts, {
    'another origin': 5,
    'not http (file:)': 1,
    'not http (javascript:)': 1,
    'not http (data:)': 1,
    'not http (ftp:)': 1,
    'no URL, or a very long one': 2,
  });
  const lured = await onHostile({ '/': html(), '/robots.txt': redirect(`${neighbour.origin}/robots.txt`) });
  assert.deepEqual([neighbour.asked, lured.counts], [[], { 'robots.txt cannot be had': 1 }]);
});

test('a link with a password, even to its own origin, is not followed and not shown', async () => {
  const withPassword: Answer = (response, request) =>
    links(`http://ada:secret@${request.headers.host}/x`)(response, request);
  const { paths, skipped } = await onHostile({ '/': withPassword });
  assert.deepEqual(paths, ['/']);
  assert.doesNotMatch(JSON.stringify(Array.from(skipped)), /secret/);
  assert.equal(skipped.get('carries a password')?.count, 1);
});

test('a page of 100 MB is left after its first megabyte', async () => {
  const { paths, counts, sent } = await onHostile({
    '/': links('/flood', '/bomb', '/picture'),
    '/flood': flood('text/html', 100, '<a href="more">'),
    '/bomb': bomb,
    '/picture': flood('image/png', 100, 'x'),
  });
  assert.deepEqual(paths, ['/']);
  assert.deepEqual(counts, {
    [`larger than ${MIB} bytes`]: 1,
    'not text/html': 1,
    'packed although not asked for': 1,
  });
  // What is on its way when the crawler leaves is a matter of socket buffers, some megabytes at most.
  for (const path of ['/flood', '/picture']) {
    assert.ok(sent.get(path)! < 30 * MIB, `${path}: ${sent.get(path)} bytes`);
  }
});

test('of a robots.txt of 10 MB the first 500 KiB are read, and heard', async () => {
  const rules = 'User-agent: *\nDisallow: /closed\n';
  const { paths, counts, sent } = await onHostile({
    '/robots.txt': flood('text/plain', 10, rules),
    '/': links('/closed', '/open'),
    '/open': html(),
  });
  assert.deepEqual([paths.sort(), counts], [['/', '/open'], { 'robots.txt says no': 1 }]);
  assert.ok(sent.get('/robots.txt')! < 9.5 * MIB, `${sent.get('/robots.txt')} bytes`);
});

test('without a robots.txt all is allowed; when it cannot be had, nothing is', async (context) => {
  const { never } = lateAnswers(context);
  const answer =
    (status: number): Answer =>
    (response) =>
      response.writeHead(status).end();
  const hops = (count: number) =>
    Object.fromEntries(
      Array.from({ length: count }, (_, hop) => [`/hop${hop}`, redirect(`/hop${hop + 1}`)] as const),
    );
  for (const [robots, pages] of [
    [answer(404), 1],
    [answer(403), 1],
    [answer(429), 0],
    [answer(500), 0],
    [reset, 0],
    [never, 0],
    [bomb, 0],
    [redirect('/robots.txt'), 0],
    [redirect('/rules'), 1],
    [redirect('/hop1'), 1],
    [redirect('/hop0'), 0],
  ] as const) {
    const { paths } = await onHostile(
      { '/robots.txt': robots, '/rules': html('User-agent: *'), '/': html(), ...hops(5) },
      { concurrency: 1 },
    );
    assert.equal(paths.length, pages, String(robots));
  }
});

test('a page that never answers, never ends, or hangs up is one entry, and the rest is crawled', async (context) => {
  const { never, drip } = lateAnswers(context);
  const { paths, counts } = await onHostile(
    {
      '/': links('/never', '/drip', '/reset', '/404', '/fine'),
      '/never': never,
      '/drip': drip,
      '/reset': reset,
      '/fine': html(),
    },
    { concurrency: 1, retries: 0 },
  );
  assert.deepEqual(paths.sort(), ['/', '/fine']);
  assert.deepEqual(counts, { 'answered 404': 1, 'failed (ECONNRESET)': 1, 'took too long': 2 });
});

test('a redirect to what was seen before is counted, also if it is the start', async () => {
  const toItself = await onHostile({ '/': redirect('/') });
  assert.deepEqual([toItself.paths, toItself.counts], [[], { 'redirects to what was seen before': 1 }]);
  const inACircle = await onHostile({ '/': redirect('/b'), '/b': redirect('/') });
  assert.deepEqual([inACircle.paths, inACircle.counts], [[], { 'redirects to what was seen before': 1 }]);
  const toAFragment = await onHostile({ '/': redirect('/#top') });
  assert.deepEqual(toAFragment.counts, { 'redirects to what was seen before': 1 });
  const toAPage = await onHostile({ '/': links('/a', '/old'), '/a': html(), '/old': redirect('/a') });
  assert.deepEqual(toAPage.counts, { 'redirects to what was seen before': 1 });
  const toANewPage = await onHostile({ '/': redirect('/a'), '/a': html() });
  assert.deepEqual([toANewPage.paths, toANewPage.counts], [['/a'], {}]);
});

type Node =
  | { readonly kind: 'page'; readonly to: readonly number[]; readonly refused: number }
  | { readonly kind: 'redirect'; readonly to: readonly number[] }
  | { readonly kind: 'missing' | 'picture' | 'closed' };

test('on any site each address has one fate: it is a page, or it was skipped with a reason', async () => {
  const names = fc.array(fc.nat({ max: 9 }), { maxLength: 5 });
  const nodes: fc.Arbitrary<Node> = fc.oneof(
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('page'), to: names, refused: fc.nat({ max: 3 }) }),
    },
    {
      weight: 3,
      arbitrary: fc.record({ kind: fc.constant('redirect'), to: fc.tuple(fc.nat({ max: 9 })) }),
    },
    fc.constantFrom<Node>({ kind: 'missing' }, { kind: 'picture' }, { kind: 'closed' }),
  );
  const sites = fc.array(nodes, { minLength: 10, maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(sites, fc.integer({ min: 1, max: 4 }), async (site, concurrency) => {
      const pathOf = (name: number) => (name === 0 ? '/' : `/${site[name]!.kind}/${name}`);
      const answerOf = (node: Node): Answer => {
        if (node.kind === 'page') {
          const refused = Array.from({ length: node.refused }, (_, index) => `scheme${index}:x`);
          return links(...node.to.map(pathOf), ...refused);
        }
        if (node.kind === 'redirect') return redirect(pathOf(node.to[0]!));
        const type = node.kind === 'picture' ? 'image/png' : 'text/html';
        return (response) =>
          response.writeHead(node.kind === 'missing' ? 404 : 200, { 'content-type': type }).end();
      };
      // What a crawler can find, by the plainest search there is.
      const found = new Set([0]);
      for (const name of found) {
        const node = site[name]!;
        if ('to' in node) for (const next of node.to) found.add(next);
      }
      const foundNodes = [...found].map((name) => site[name]!);
      const count = (kind: Node['kind']) => foundNodes.filter((node) => node.kind === kind).length;
      // The start is at `/`, which robots.txt does not close.
      const isStartClosed = site[0]!.kind === 'closed';

      const { paths, counts, seen } = await onHostile(
        {
          '/robots.txt': html('User-agent: *', 'Disallow: /closed/'),
          ...Object.fromEntries(site.map((node, name) => [pathOf(name), answerOf(node)])),
        },
        { concurrency, maxDepth: 100 },
      );
      assert.equal(paths.length, count('page') + Number(isStartClosed));
      assert.equal(counts['answered 404'] ?? 0, count('missing'));
      assert.equal(counts['not text/html'] ?? 0, count('picture'));
      assert.equal(counts['robots.txt says no'] ?? 0, count('closed') - Number(isStartClosed));
      const refused = foundNodes.reduce((sum, node) => sum + (node.kind === 'page' ? node.refused : 0), 0);
      // A redirect that led on to something new shares its fate; every other address has one of its own.
      const ledOn = count('redirect') - (counts['redirects to what was seen before'] ?? 0);
      assert.equal(seen, found.size + refused - ledOn);
    }),
    { numRuns: 60 },
  );
});

test('types of content and of their parameters are read in any case', async () => {
  const typed =
    (type: string | undefined, body: string): Answer =>
    (response) =>
      response
        .writeHead(200, type === undefined ? {} : { 'content-type': type })
        .end(Buffer.from(body, 'latin1'));
  const { pages, counts } = await onHostile({
    '/': typed(
      'Text/HTML; Charset="ISO-8859-1"',
      '<title>gr\xfc\xdfe</title><a href="/other"><a href="/none"><a href="/plain">',
    ),
    '/other': typed('text/html-other', ''),
    '/none': typed(undefined, ''),
    '/plain': typed('text/plain', ''),
  });
  assert.deepEqual([pages.map(({ title }) => title), counts], [['grüße'], { 'not text/html': 3 }]);
});

test('a query is asked for in the encoding of its page, and compared with robots.txt as it was asked for', async () => {
  const page: Answer = (response) =>
    response
      .writeHead(200, { 'content-type': 'text/html' })
      .end(
        Buffer.from(
          '<meta charset=latin1><a href="/a?q=\xfc"><a href="/b?q=\xfc"><base href="/?\xfc">',
          'latin1',
        ),
      );
  const { asked, counts } = await onHostile({
    '/robots.txt': html('User-agent: *', 'Disallow: /b?q=%fc'),
    '/': page,
    '/*': html(),
  });
  assert.deepEqual(asked, ['/robots.txt', '/', '/a?q=%FC']);
  assert.deepEqual(counts, { 'robots.txt says no': 1 });
});

test('the bytes of a redirect are asked for as they are, whatever encoding they were meant in', async () => {
  const { asked } = await onHostile({
    '/robots.txt': html(),
    '/': links('/latin1', '/utf8'),
    '/latin1': redirect('/gr\xfc\xdfe'),
    '/utf8': redirect(Buffer.from('/grüße').toString('latin1')),
    '/*': html(),
  });
  assert.deepEqual(asked.sort(), ['/', '/gr%C3%BC%C3%9Fe', '/gr%FC%DFe', '/latin1', '/robots.txt', '/utf8']);
});

test('a base that is data, a script or no URL is ignored', async () => {
  for (const base of ['data:text/plain,x', 'javascript:x', 'http://[', 'data:x"><base href="/no/']) {
    const { paths } = await onHostile({
      '/robots.txt': html(),
      '/folder/page': html(`<base href="${base}"><a href="next">`),
      '/folder/next': html(),
      '/': links('/folder/page'),
    });
    assert.deepEqual(paths, ['/', '/folder/page', '/folder/next'], base);
  }
});

test('robots.txt closes what it names, in whatever spelling the link has it', async () => {
  const rules = [
    'User-agent: async-workbench-crawler/1.0',
    'Disallow: /geheim/ü',
    'Disallow: /my files/',
    'Disallow: /private/',
  ];
  const { asked, counts } = await onHostile({
    '/robots.txt': html(...rules),
    '/': links('/geheim/ü', '/geheim/%c3%bc', '/my files/a', '/my%20files/b', '/%70rivate/x', '/open'),
    '/*': html(),
  });
  assert.deepEqual(asked, ['/robots.txt', '/', '/open']);
  assert.deepEqual(counts, { 'robots.txt says no': 5 });
});

test('a robots.txt that is cut loses its last rule: half of it would close the whole site', async () => {
  const comment = `# ${'x'.repeat(1022)}\n`.repeat(500); // 500 KiB together with what stands before it
  const start = 'User-agent: *\nDisallow: /closed\n';
  const file = `${start}${comment.slice(start.length + 'Disallow: /'.length)}`;
  const { paths } = await onHostile({
    '/robots.txt': html(`${file}Disallow: /other`),
    '/': links('/closed', '/open'),
    '/*': html(),
  });
  assert.deepEqual(paths.sort(), ['/', '/open']);
});

test('a page that makes up schemes makes no long list of reasons', async () => {
  const schemes = Array.from({ length: 1999 }, (_, index) => `scheme${index}:x`);
  const { skipped, counts } = await onHostile({ '/': links(...schemes) });
  assert.equal(skipped.size, 9);
  assert.equal(counts['not http'], 1999 - 8);
});

test('repeats come from one budget, and a Retry-After of an hour is not waited for', async () => {
  const later =
    (header: string): Answer =>
    (response) =>
      response.writeHead(503, { 'retry-after': header }).end();
  const paths = Array.from({ length: 6 }, (_, index) => `/${index}`);
  const site = {
    '/': links(...paths, '/hour'),
    '/hour': later('3600'),
    '/robots.txt': html(),
    '/*': later('0'),
  };
  const { asked, counts } = await onHostile(site, { retries: 3 });
  assert.equal(asked.filter((path) => /^\/\d$/.test(path)).length, 6 + 3);
  assert.equal(asked.filter((path) => path === '/hour').length, 1);
  assert.deepEqual(counts, { 'answered 503': 7 });
});

test('nothing that commands a terminal is reported', async () => {
  const { pages, skipped } = await onHostile({
    '/': html('<title>\u001b[2J</title>', '<a href="http://[\u001b[31m">', '<a href="mailto:\u009b2J">'),
  });
  // oxlint-disable-next-line no-control-regex
  assert.doesNotMatch(JSON.stringify([pages, Array.from(skipped)]), /\\u00|[\u0000-\u001f\u007f-\u009f]/);
});

test('a start that is no http URL is refused', async () => {
  const starts = ['file:///etc/passwd', 'javascript:alert(1)', 'orders', ''];
  const endings = await runLines(
    'lessons/crawler/cli.ts',
    starts.map((start) => [start]),
  );
  for (const [index, start] of starts.entries()) {
    await assert.rejects(crawl(start), TypeError);
    const { code, stdout, stderr } = endings[index]!;
    assert.deepEqual([code, stdout], [2, ''], start);
    assert.match(stderr, /^error: [^\n]+\n$/);
  }
});

test('the command prints pages and what it skipped, and ends by itself', async () => {
  await using server = await serve({ conditions: INSTANT });
  const { code, stdout, stderr } = await run('lessons/crawler/cli.ts', [
    `${server.origin}/site/`,
    '--max-depth',
    '1',
  ]);
  assert.deepEqual([code, stderr], [0, '']);
  assert.match(stdout, /\/site\/menu {2}Menu & wine\n/);
  assert.match(stdout, /^skipped 1: robots.txt says no, for instance .*knives$/m);
  assert.match(stdout, /\n6 pages\n$/);
});

test('Ctrl-C ends the command with 130, though a page never answers', async () => {
  const { promise: asked, resolve } = Promise.withResolvers<void>();
  await using site = await hostileSite({ '/robots.txt': html(), '/': () => resolve() });
  const file = join(import.meta.dirname, '../../../lessons/crawler/cli.ts');
  const child = spawn(process.execPath, [file, `${site.origin}/`], { stdio: 'ignore' });
  await asked;
  child.kill('SIGINT');
  assert.deepEqual(await once(child, 'exit'), [130, null]);
});
