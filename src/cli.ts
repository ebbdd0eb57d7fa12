// The command line of the workbench. It loads nothing but its options: --help must not wait for a benchmark.
import { Argument, InvalidArgumentError, Option, type Command } from 'commander';
import { APPROACHES } from './approaches/registry.ts';
import { FAULTS, parseFaults, type Faults } from './api/faults.ts';
import { command, main, numberIn } from './command-line.ts';
import { reportOptions } from './commands/report-options.ts';
import { JOBS } from './jobs/open.ts';
import { UsageError } from './usage-error.ts';

const jobs = Object.keys(JOBS);
const approaches = Object.keys(APPROACHES);
const FAULT_NAMES = Object.keys(FAULTS).join(', ');
const whole = (min: number, max: number) => numberIn({ min, max });

/** A word that is no option may be meant for a job or for a command. */
function jobNamed(text: string): string {
  if (jobs.includes(text)) return text;
  throw new InvalidArgumentError(
    `Expected a job (${jobs.join(', ')}) or a command (compare, save, api, report).`,
  );
}

/** Names with commas or blanks between them. commander hands over what it has, which at first is the default. */
function approachesNamed(text: string, before: readonly string[]): string[] {
  const names = text.split(',');
  const wrong = names.find((name) => !approaches.includes(name));
  if (wrong !== undefined) {
    throw new InvalidArgumentError(`Expected ${approaches.join(', ')}, got ${JSON.stringify(wrong)}.`);
  }
  return [...(before === approaches ? [] : before), ...names];
}

function faultsIn(text: string): Faults {
  try {
    return parseFaults(text);
  } catch (error) {
    throw new InvalidArgumentError((error as Error).message);
  }
}

/** How the client behaves towards an API that does not answer, or not well. */
function clientOptions(on: Command): Command {
  return on
    .option('--timeout <ms>', 'how long a request may take, body included', whole(1, 3_600_000), 10_000)
    .option(
      '--retries <count>',
      'repeats that a run may make after failures that may pass',
      whole(0, 1e6),
      0,
    );
}

function loopbackOrigin(text: string): string {
  if (/^http:\/\/(127\.0\.0\.1|localhost):\d{1,5}$/.test(text)) return text;
  throw new InvalidArgumentError(`Expected http://127.0.0.1:PORT, got ${JSON.stringify(text)}.`);
}

/** How the API behaves; the same options for a comparison and for a server. */
function conditionOptions(on: Command, latencyMs: number): Command {
  return on
    .option('--latency <ms>', 'what the API takes for every order', whole(0, 60_000), latencyMs)
    .option('--jitter <ms>', 'up to so much more, drawn for each order', whole(0, 60_000), 0)
    .option('--faults <list>', `what goes wrong, for instance 503:0.1,reset:0.05 (${FAULT_NAMES})`, faultsIn)
    .option('--seed <number>', 'of everything that is drawn', whole(0, 2 ** 31 - 1), 1);
}

/** What the names that options take stand for. */
const glossary = (title: string, entries: Readonly<Record<string, { readonly summary: string }>>): string =>
  [
    `\n${title}:`,
    ...Object.entries(entries).map(([name, { summary }]) => `  ${name.padEnd(16)}${summary}`),
    '',
  ].join('\n');
const NAMES = [glossary('Jobs', JOBS), glossary('Approaches', APPROACHES), glossary('Faults', FAULTS)].join(
  '',
);

/** What another server does is its own affair: an option that changed nothing would be believed. @throws {UsageError} */
function refuseConditions(of: Command): void {
  for (const name of ['latency', 'jitter', 'faults', 'seed']) {
    if (of.getOptionValueSource(name) !== 'cli') continue;
    throw new UsageError(`--${name}: only for an API of our own; that of --origin has its own`);
  }
}

await main((bind) => {
  const program = command(
    'npm start --',
    'Await one by one, Promise.all, a bounded pool, or threads? Measured.',
  );

  const compare = command(
    'compare',
    'measure one job, or fetch-order and then price-order, by every approach',
  )
    .addArgument(new Argument('[job]', 'what is done to each order').choices(jobs).argParser(jobNamed))
    .addOption(
      new Option('--approach <name...>', 'only these approaches; a job stands before them')
        .choices(approaches)
        .argParser(approachesNamed)
        .default(approaches, 'all'),
    )
    .option('--requests <count>', 'orders in a run', whole(1, 1_000_000), 40)
    .option('--concurrency <count>', 'the most in flight of bounded-pool', whole(1, 100_000), 10)
    .option(
      '--threads <count>',
      'of worker-threads (default: as many as --concurrency, or as cores)',
      whole(1, 1000),
    )
    .option(
      '--repeats <count>',
      'trials of each approach (default: 3, or 1 where a run is long)',
      whole(1, 100),
    )
    .option(
      '--cost <ms>',
      'CPU time of one price-order',
      numberIn({ min: 0.01, max: 10_000, integer: false }),
      4,
    )
    .addOption(
      new Option('--network <name>', 'the API behind a port, or msw inside the thread')
        .choices(['loopback', 'intercepted'])
        .default('loopback'),
    )
    .option('--json', 'print one JSON document and nothing else')
    .option('--save <file>', 'keep the run as JSON, for report');
  compare.addHelpText('after', NAMES);
  program.addCommand(
    reportOptions(conditionOptions(clientOptions(compare), 20)).action(
      bind(async (signal, job, options) => {
        const { runCompare } = await import('./commands/compare.ts');
        return runCompare(signal, job, options);
      }),
    ),
    { isDefault: true },
  );

  const save = command('save', 'fetch orders into a folder; started again, it goes on where it stopped')
    .requiredOption('--folder <path>', 'where each order gets a file of its own, whole or not at all')
    .option('--origin <url>', 'an API that runs already (default: one of its own)', loopbackOrigin)
    .option('--requests <count>', 'orders to have in the end', whole(1, 1_000_000), 50)
    .option('--concurrency <count>', 'the most in flight', whole(1, 100_000), 10);
  program.addCommand(
    conditionOptions(clientOptions(save), 20).action(
      bind(async (signal, options) => {
        if (options.origin !== undefined) refuseConditions(save);
        const { runSave } = await import('./commands/save.ts');
        return runSave(signal, options);
      }),
    ),
  );

  const api = command('api', 'serve the mocked API on 127.0.0.1 until Ctrl-C').option(
    '--port <number>',
    'where; 0 takes a free port',
    whole(0, 65_535),
    4000,
  );
  program.addCommand(
    conditionOptions(api, 120).action(
      bind(async (signal, options) => {
        const { runApi } = await import('./commands/api.ts');
        return runApi(signal, options);
      }),
    ),
  );
  const report = command(
    'report',
    'the report of a saved run (--save), or of two beside each other',
  ).argument(
    '<file...>',
    'one saved run, or two; the report is A.html or A-B.html unless --html says otherwise',
  );
  program.addCommand(
    reportOptions(report).action(
      bind(async (signal, files, options) => {
        const { runReport } = await import('./commands/report.ts');
        return runReport(signal, files, options);
      }),
    ),
  );
  // `npm start -- --help` shows every option there is, and not only where to ask for them.
  return program.addHelpText(
    'after',
    () => `\n${[compare, save, api, report].map((one) => one.helpInformation()).join('\n')}${NAMES}`,
  );
});
