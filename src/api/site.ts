// A web site for crawlers, with what crawlers meet: cycles, an archive without end, a slow page, a broken one, one
// that is crowded at first, one that is large, a folder that robots.txt closes, and HTML that only a parser reads.
import { html, TextAnswer } from './answers.ts';
import type { Conditions } from './conditions.ts';
import type { Counters } from './counters.ts';
import type { Kitchen } from './kitchen.ts';
import { notCooked } from './not-cooked.ts';
import type { Route } from './routes.ts';

const ROBOTS = `User-agent: *
Disallow: /site/kitchen/
Allow: /site/kitchen/opening-hours
`;
/** The slow page takes so many times the latency of any other. */
const SLOWNESS = 5;
const DISHES = 4;
const CATALOGUE_ENTRIES = 2000;

const link = (href: string, text = href) => `<a href="${href}">${text}</a>`;
const page = (title: string, ...body: string[]) =>
  `<!doctype html><html><head><title>${title}</title></head><body>${body.join('\n')}</body></html>`;

/** What stands at a path below /site/; undefined where nothing does. */
function bodyOf(path: string): string | undefined {
  const [folder = '', name = ''] = path.split('/');
  const number = /^[1-9]\d{0,8}$/.test(name) ? Number(name) : NaN;
  if (folder === 'dishes' && number <= DISHES) {
    // The last dish leads to the first: a cycle that is as long as the menu.
    return page(`Dish ${number}`, link('../menu'), link(`${(number % DISHES) + 1}`, 'next'));
  }
  if (folder === 'archive' && number > 0) {
    return page(`Archive, page ${number}`, link(`/site/archive/${number + 1}`, 'older'));
  }
  const pages: Record<string, () => string> = {
    '': () =>
      page(
        'The restaurant',
        ...['menu', 'news', 'archive/1', 'broken', 'crowded', 'catalogue', 'old-menu', 'kitchen/knives'].map(
          (href) => link(href),
        ),
        link('http://elsewhere.test/', 'our friends'),
        link('mailto:ada@orders.test', 'write to us'),
        link('javascript:alert(1)', 'book a table'),
      ),
    // Unquoted, in capitals, unclosed, with an entity; and two that are no links at all.
    menu: () =>
      page(
        'Menu &amp; wine',
        `<!-- <a href="/site/yesterday">off the menu</a> --><script>var a = '<a href="/site/script">';</script>`,
        `<A HREF=dishes/1>soup<A HREF='dishes/2'>trout<p>${link('dishes/3?with=salad&amp;without=onions', 'set')}`,
        link('dishes/4#price'),
        link('/site/'),
      ),
    news: () => page('News', link('/site/')),
    crowded: () => page('A table at last', link('/site/')),
    catalogue: () =>
      page(
        'Every dish we ever served',
        ...Array.from({ length: CATALOGUE_ENTRIES }, (_, entry) =>
          link(`/site/dishes/${(entry % DISHES) + 1}`, `number ${entry} in our book of recipes`),
        ),
      ),
    'kitchen/knives': () => page('Staff only'),
    'kitchen/opening-hours': () => page('Opening hours'),
  };
  return Object.hasOwn(pages, path) ? pages[path]?.() : undefined;
}

/** `/site/...` and `/robots.txt`. `crowded` refuses once and answers from then on. All else depends on the path alone. */
export function siteRoutes(conditions: Conditions, counters: Counters, kitchen: Kitchen): Route[] {
  let isCrowded = true;
  function answerTo(path: string): Response {
    if (path === 'broken') return new TextAnswer('', 500);
    if (path === 'old-menu') return new TextAnswer('', 301, { location: '/site/menu' });
    if (path === 'crowded' && isCrowded) {
      isCrowded = false;
      return new TextAnswer('', 503, { 'retry-after': '2' });
    }
    const body = bodyOf(path);
    return body === undefined ? new TextAnswer('', 404) : html(body);
  }
  return [
    {
      path: '/robots.txt',
      summary: 'what a crawler may visit on the site',
      example: '/robots.txt',
      get: () => new TextAnswer(ROBOTS, 200, { 'content-type': 'text/plain; charset=utf-8' }),
    },
    {
      path: '/site/*',
      summary: 'a web site for crawlers; its pages take the latency',
      example: '/site/',
      async get({ request }) {
        const path = new URL(request.url).pathname.slice('/site/'.length);
        const latencyMs = conditions.latencyMs * (path === 'news' ? SLOWNESS : 1);
        const outcome = await kitchen.cook(latencyMs, request.signal);
        if (outcome !== 'cooked') return notCooked(outcome);
        counters.end('completed');
        return answerTo(path);
      },
    },
  ];
}
