// The crawler as a command: `npx node lessons/crawler/cli.ts http://127.0.0.1:4000/site/`, with `npm run api` running.
// Pages are printed as they come; Ctrl-C ends the requests that are in flight, too.
import { command, main, numberIn } from '../../src/command-line.ts';
import { crawl, POLITE, type CrawlOptions } from './crawl.ts';
import { UsageError } from '../../src/usage-error.ts';

type Flags = Pick<CrawlOptions, 'concurrency' | 'maxUrls' | 'maxDepth' | 'timeoutMs'>;

await main((bind) =>
  command('crawl', 'Crawl one site politely, and say what was left out.')
    .argument('<url>', 'where to start; nothing outside its origin is visited')
    .option('--concurrency <count>', 'visits at once', numberIn({ min: 1, max: 100 }), POLITE.concurrency)
    .option('--max-urls <count>', 'URLs in all', numberIn({ min: 1, max: 100_000 }), POLITE.maxUrls)
    .option('--max-depth <count>', 'links from the start', numberIn({ min: 0, max: 1000 }), POLITE.maxDepth)
    .option('--timeout-ms <ms>', 'for one page', numberIn({ min: 1, max: 600_000 }), POLITE.timeoutMs)
    .action(
      bind(async (signal, start: string, flags: Flags) => {
        if (!/^https?:$/.test(URL.parse(start)?.protocol ?? '')) {
          throw new UsageError(`expected an http URL, got ${JSON.stringify(start)}`);
        }
        const { pages, skipped } = await crawl(start, {
          ...POLITE,
          ...flags,
          signal,
          onPage: ({ url, title }) => console.log(`${url}  ${title}`),
        });
        for (const [reason, { count, examples }] of skipped) {
          console.log(`skipped ${count}: ${reason}, for instance ${examples[0]}`);
        }
        console.log(`${pages.length} pages`);
        return pages.length > 0 ? 'done' : 'failed';
      }),
    ),
);
