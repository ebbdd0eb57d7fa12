// The command line of the workbench. It loads nothing but its options: --help must not wait for a benchmark.
import { Argument, Option } from 'commander';
import { command, main, numberIn } from './command-line.ts';
import {
  approaches,
  approachesNamed,
  clientOptions,
  CONDITION_OPTIONS,
  conditionOptions,
  idleInCompare,
  idleInQueue,
  idleInSweep,
  retriesInSweep,
  limitOptions,
  jobNamed,
  jobOptions,
  jobs,
  loopbackOrigin,
  NAMES,
  ownOptions,
  queueName,
  seedReason,
  whole,
} from './commands/options.ts';
import { allOf, refuseIdle } from './commands/idle-options.ts';
import { reportOptions } from './commands/report-options.ts';

const EXAMPLES = `
Examples:
  npm start                        price-order, then fetch-order, all approaches
  npm start -- compare save-order --requests 200 --concurrency 20
  npm start -- compare fetch-order --faults 503:0.1,reset:0.05 --retries 50
  npm start -- init my-work.ts     a module for your own work
  npm start -- compare ./my-work.ts
  npm start -- sweep ./my-work.ts  how many at once?
  npm start -- --save run.json --html run.html
  npm start -- report before.json after.json
  npm start -- save --folder orders
  npm start -- compare --help      every option, and what the names stand for

Options stand behind --, or npm keeps them for itself. Beside this there are
npm run race, npm run lesson, npm run pitfall, npm run practice, npm run bench,
npm run worker.
`;

await main((bind) => {
  const program = command(
    'npm start --',
    'Await one by one, Promise.all, a bounded pool, or threads? Measured.',
  );

  const compare = command(
    'compare',
    'measure one job, or price-order and then fetch-order, by every approach',
  )
    .addArgument(
      new Argument('[job]', 'what is done to each order; or your own work, a module such as ./my-work.ts')
        .choices(jobs)
        .argParser(jobNamed),
    )
    .addOption(
      new Option(
        '--approach <name...>',
        'only these approaches; name the job before this option (default: those without a star below)',
      )
        .choices(approaches)
        .argParser(approachesNamed),
    )
    .option('--requests <count>', 'orders in a run', whole(1, 1_000_000), 20)
    .option(
      '--concurrency <count>',
      'how many bounded-pool, stream-map, paced and job-queue have in flight at most',
      whole(1, 100_000),
      10,
    )
    .option(
      '--threads <count>',
      'threads of worker-threads (default: as many as --concurrency, or as cores; never more than memory allows)',
      whole(1, 1000),
    )
    .option(
      '--workers <count>',
      'worker processes of job-queue, which share --concurrency (default: 2, or as many as cores for work that computes)',
      whole(1, 100),
    )
    .option(
      '--database <url>',
      'where job-queue keeps its jobs: postgres://… or pglite:FOLDER (default: DATABASE_URL, or an embedded PGlite)',
    )
    .option(
      '--pace <count>',
      'starts per second of paced (default: what --rate lets in)',
      numberIn({ min: 0.001, max: 1_000_000, integer: false }),
    )
    .option(
      '--repeats <count>',
      'trials of each approach; 3 are needed to rank them (default: 3, 5 if chance decides, 1 if a run takes over 5 minutes)',
      whole(1, 100),
    );
  jobOptions(compare, 8)
    .option('--verbose', 'also a picture of each approach, more columns, and the reasons of the claims')
    .option('--json', 'print one JSON document and nothing else')
    .option('--save <file>', 'keep the run as JSON, for report');
  ownOptions(compare);
  compare.addHelpText('after', NAMES);
  program.addCommand(
    reportOptions(limitOptions(conditionOptions(clientOptions(compare), 40))).action(
      bind(async (signal, job, options) => {
        refuseIdle(compare, idleInCompare(job, options));
        const { runCompare } = await import('./commands/compare.ts');
        return runCompare(signal, job, options, (name) => compare.getOptionValueSource(name) === 'cli');
      }),
    ),
    { isDefault: true },
  );

  const sweep = command(
    'sweep',
    'how many at once? run the same job at C = 1, 2, 4, 8 …, and say which C to take',
  )
    .addArgument(
      new Argument('<job>', 'a job, or your own work, a module such as ./my-work.ts')
        .choices(jobs)
        .argParser(jobNamed),
    )
    .option(
      '--requests <count>',
      'tasks at each C (default: 5 for each C, 20 at least, and more where a rate needs more)',
      whole(1, 100_000),
    )
    .option('--repeats <count>', 'trials at each C; it takes 3 to name a C', whole(1, 100), 3);
  jobOptions(sweep, 4)
    .option('--json', 'print one JSON document and nothing else')
    .option('--html <file>', 'write the curves as a page, one HTML file that needs nothing else')
    .option('--force', 'replace a file that is not one of our reports');
  program.addCommand(
    limitOptions(conditionOptions(clientOptions(ownOptions(sweep)), 20)).action(
      bind(async (signal, job, options) => {
        const isTyped = sweep.getOptionValueSource('retries') === 'cli';
        const flags = { ...options, retries: isTyped ? options.retries : retriesInSweep(options.rate) };
        refuseIdle(sweep, idleInSweep(job, flags));
        const { runSweep } = await import('./commands/sweep.ts');
        return runSweep(signal, job, flags);
      }),
    ),
  );

  const init = command(
    'init',
    'write a module for your own work, with comments; then compare ./my-work.ts',
  ).argument('[file]', 'the module to write; never over a file that is there', 'my-work.ts');
  program.addCommand(
    init.action(
      bind(async (_signal, file) => {
        const { runInit } = await import('./commands/init.ts');
        return runInit(file);
      }),
    ),
  );

  const save = command('save', 'fetch orders into a folder; started again, it goes on where it stopped')
    .requiredOption('--folder <path>', 'where each order gets a file of its own, whole or not at all')
    .option('--origin <url>', 'an API that runs already (default: one of its own)', loopbackOrigin)
    .option('--requests <count>', 'how many orders the folder has in the end', whole(1, 1_000_000), 50)
    .option(
      '--concurrency <count>',
      'the most in flight; with --queue, in each worker',
      whole(1, 100_000),
      10,
    );
  const saveAll = limitOptions(conditionOptions(clientOptions(save), 20))
    .addOption(
      new Option(
        '--queue [name]',
        'let workers fetch the orders through a job queue; npm run worker starts more workers, also on other machines',
      )
        .preset('orders')
        .argParser(queueName),
    )
    .option(
      '--database <url>',
      'with --queue: postgres://USER@HOST:PORT/NAME, or DATABASE_URL (default: PGlite, with its data in .queue of the folder)',
    )
    .option(
      '--workers <count>',
      'with --queue: how many workers this command starts (default: 2 beside PGlite, else none)',
      whole(0, 100),
    )
    .option(
      '--heartbeat <seconds>',
      'with --queue: a worker that gives no sign of life for so long counts as dead, and others do its orders',
      whole(2, 3600),
      10,
    );
  program.addCommand(
    saveAll.action(
      bind(async (signal, options) => {
        const reason = 'an API that runs already behaves as it was told (--origin)';
        const isAsked = options.origin !== undefined;
        refuseIdle(save, {
          ...allOf(CONDITION_OPTIONS, isAsked ? reason : undefined),
          // The waits before retries are drawn by us, whoever's API it is.
          ...(!isAsked && { seed: seedReason(options) }),
          ...(isAsked && options.retries > 0 && { seed: undefined }),
          ...idleInQueue(options),
        });
        const { queue } = options;
        if (queue !== undefined) {
          const { runSaveQueue } = await import('./commands/save-queue.ts');
          return runSaveQueue(signal, { ...options, queue });
        }
        const { runSave } = await import('./commands/save.ts');
        return runSave(signal, options);
      }),
    ),
  );

  const api = command('api', 'serve the mocked API on 127.0.0.1 until Ctrl-C').option(
    '--port <number>',
    'the port; 0 takes a free one',
    whole(0, 65_535),
    4000,
  );
  program.addCommand(
    limitOptions(conditionOptions(api, 120)).action(
      bind(async (signal, options) => {
        refuseIdle(api, { seed: seedReason(options) });
        const { runApi } = await import('./commands/api.ts');
        return runApi(signal, options);
      }),
    ),
  );
  const worker = command('worker', 'take orders from a job queue, on this machine or another, until Ctrl-C')
    .option(
      '--database <url>',
      'the Postgres of the submitter: postgres://USER@HOST:PORT/NAME (default: DATABASE_URL, which hides a password from the list of processes)',
    )
    .option('--queue <name>', 'the queue to draw from', queueName, 'orders')
    .option('--concurrency <count>', 'the most orders in flight in this worker', whole(1, 10_000), 10);
  program.addCommand(
    worker.action(
      bind(async (signal, options) => {
        const { runWorkerCommand } = await import('./commands/worker.ts');
        return runWorkerCommand(signal, options);
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
  return program.addHelpText('after', EXAMPLES);
});
