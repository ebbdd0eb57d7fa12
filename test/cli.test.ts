// The command line as its users meet it: a process with arguments, exit code, stdout and stderr.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { test } from 'node:test';
import { fileURLToPath } from 'node:url';
import { INSTANT } from '../src/api/conditions.ts';
import { serve } from '../src/api/serve.ts';
import { runLines, type Ending } from './processes.ts';
import { until } from './turns.ts';

const CLI = fileURLToPath(new URL('../src/cli.ts', import.meta.url));

const start = (...args: string[]) => startWith({}, ...args);

function startWith(env: NodeJS.ProcessEnv, ...args: string[]) {
  const child = spawn(process.execPath, [CLI, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  const ended = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]).then(
    ([[code], stdout, stderr]) => ({ code: code as number | null, stdout, stderr }),
  );
  return { child, ended };
}

const run = (...args: string[]) => start(...args).ended;

/** Processes that `parent` started and that still run. */
function childrenOf(parent: number): string[] {
  return readdirSync('/proc').filter((pid) => {
    try {
      return (
        /^\d+$/.test(pid) &&
        readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]!.split(' ')[1] === String(parent)
      );
    } catch {
      return false;
    }
  });
}

const WRONG: ReadonlyArray<readonly [args: string, says: RegExp]> = [
  ['dessert', /^error: job: expected a job .*, got "dessert"/],
  ['compare fetch-order extra', /too many arguments/],
  [
    '--approach threads',
    /^error: --approach: expected .*bounded-pool, stream-map, paced, adaptive, worker-threads, job-queue, got "threads"/,
  ],
  ['--approach sequential,paced', /--approach paced: expected the pace to keep/],
  ['--approach paced --pace 0', /number from 0.001 to 1000000, got "0"/],
  ['--network wifi', /^error: --network: expected one of loopback, intercepted, got "wifi"/],
  ['--requests 0', /whole number from 1 to 1000000, got "0"/],
  ['--requests -3', /whole number from 1 to 1000000, got "-3"/],
  ['--requests 1.5', /whole number from 1 to 1000000, got "1.5"/],
  ['--requests 1e3', /got "1e3"/],
  ['--latency -1', /whole number from 0 to 60000, got "-1"/],
  ['--concurrency 0', /whole number from 1/],
  ['--threads 0', /whole number from 1/],
  ['--repeats 0', /whole number from 1/],
  ['--seed x', /whole number from 0/],
  ['--cost 0', /number from 0.01 to 10000, got "0"/],
  ['--requests', /argument missing/],
  ['--requets 5', /Did you mean --requests/],
  ['--bogus', /--help lists what there is/],
  [
    'bogus',
    /expected a job \(fetch-order, save-order, price-order\), a module \(.\/my-work.ts\) or a command/,
  ],
  ['--approach sequential,bogus', /expected blocking, .*, got "bogus"/],
  ['fetch-ordr', /Did you mean fetch-order\?/],
  ['api --port 70000', /whole number from 0 to 65535/],
  ['--stoves 0', /expected STOVES or STOVES,QUEUE/],
  [
    'fetch-order --network intercepted --stoves 8 --approach sequential,worker-threads',
    /--network intercepted: each thread of worker-threads would have stoves of its own; .*\(--approach sequential\)/,
  ],
  ['api --stoves 0', /expected STOVES or STOVES,QUEUE/],
  ['api --rate 100,0', /expected RATE or RATE,BURST/],
];

/** Command lines that end before anything starts. */
const ended = (lines: ReadonlyArray<string>) =>
  runLines(
    'src/program.ts',
    lines.map((line) => line.split(' ')),
  );

test('a wrong command line ends with 2 and one line that names what would be right', async (t) => {
  const endings = await ended(WRONG.map(([args]) => args));
  for (const [index, [args, says]] of WRONG.entries()) {
    await t.test(args, () => {
      const { code, stdout, stderr } = endings[index]!;
      assert.equal(code, 2);
      assert.equal(stdout, '');
      assert.match(stderr, /^error: [^\n]+\n$/);
      assert.match(stderr, says);
    });
  }
});

test('the process of a wrong command line ends with 2 and has nothing to say but that line', async () => {
  const line = 'error: --requests: expected a whole number from 1 to 1000000, got "0"\n';
  assert.deepEqual(await run('--requests', '0'), { code: 2, stdout: '', stderr: line });
});

test('--help is one screen of commands and examples; that of a command lists all its options', async () => {
  const [help, rest] = (await ended(['--help', 'compare --help'])) as [Ending, Ending];
  const { code, stdout, stderr } = help;
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  const lines = stdout.split('\n');
  assert.ok(lines.length <= 40, `${lines.length} lines`);
  assert.ok(lines.every((line) => line.length <= 80));
  for (const name of ['compare', 'save', 'api', 'report', 'Examples:'])
    assert.ok(stdout.includes(name), name);
  assert.equal(rest.code, 0);
  for (const option of ['--requests', '--jitter', '--approach', '--network', '--json', '--seed']) {
    assert.ok(rest.stdout.includes(option), option);
  }
  assert.match(rest.stdout, /bounded-pool +at most so many at once/);
});

test('a port in use ends with 2 and says so', async () => {
  await using taken = await serve({ conditions: INSTANT });
  const { code, stderr } = await run('api', '--port', String(taken.port));
  assert.equal(code, 2);
  assert.match(stderr, /^error: port \d+ cannot be used \(EADDRINUSE\)[^\n]+\n$/);
});

test('--json prints one document with environment, comparisons and claims, and nothing else', async () => {
  const { code, stdout, stderr } = await run(
    ...'price-order --requests 4 --cost 0.1 --repeats 1 --approach sequential promise-all --json'.split(' '),
  );
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  const { environment, comparisons, claims } = JSON.parse(stdout);
  assert.deepEqual(Object.keys(environment.packages), ['msw', 'piscina', 'tinybench', 'undici']);
  assert.equal(comparisons.length, 1);
  const { rows, ...settings } = comparisons[0];
  assert.deepEqual([settings.job, settings.requests, settings.costMs], ['price-order', 4, 0.1]);
  const seen = rows.map((row: { approach: string; succeeded: number; failed: number }) => [
    row.approach,
    row.succeeded,
    row.failed,
  ]);
  assert.deepEqual(seen, [
    ['sequential', 4, 0],
    ['promise-all', 4, 0],
  ]);
  for (const row of rows) {
    assert.equal(row.spans.length, 4);
    assert.equal(row.peakInFlight, 1);
    // Null if the machine was far faster than when it was asked what a millisecond of work is.
    if (row.ofLimit !== null) assert.equal(row.ofLimit, row.limitMs / row.timeMs.median);
    assert.equal(row.speedup, rows[0].timeMs.median / row.timeMs.median);
    assert.ok(row.memory.peakMiB > 0 && row.cpuMs > 0 && row.loopUtilization > 0);
  }
  assert.deepEqual(
    claims.map((claim: object) => Object.keys(claim)),
    Array.from({ length: 2 }, () => ['claim', 'article', 'measured', 'verdict', 'because']),
  );
});

test('an option that would change nothing ends with 2, and one line says why', async (t) => {
  const idle: ReadonlyArray<readonly [args: string, option: string, reason: string]> = [
    ['price-order --faults 503:1', '--faults', 'price-order computes and asks no API'],
    ['price-order --latency 500', '--latency', 'price-order computes and asks no API'],
    ['price-order --stoves 5', '--stoves', 'price-order computes and asks no API'],
    ['price-order --rate 5', '--rate', 'price-order computes and asks no API'],
    ['price-order --jitter 5', '--jitter', 'price-order computes and asks no API'],
    ['price-order --seed 2', '--seed', 'price-order computes and asks no API'],
    ['price-order --retries 5', '--retries', 'price-order computes and asks no API'],
    ['price-order --timeout 5', '--timeout', 'price-order computes and asks no API'],
    ['price-order --network intercepted', '--network', 'price-order computes and asks no API'],
    ['fetch-order --cost 4', '--cost', 'fetch-order computes nothing (only price-order does)'],
    [
      'fetch-order --approach sequential --threads 2',
      '--threads',
      'worker-threads is not among the approaches',
    ],
    [
      'fetch-order --approach sequential --concurrency 2',
      '--concurrency',
      'none of the approaches is bounded by it (bounded-pool, stream-map, paced, job-queue are)',
    ],
    [
      'fetch-order --seed 5 --jitter 0',
      '--seed',
      'nothing here is random (only --jitter, --faults and --retries are)',
    ],
    [
      'save --folder orders --seed 5',
      '--seed',
      'nothing here is random (only --jitter, --faults and --retries are)',
    ],
    ['api --seed 5', '--seed', 'nothing here is random (only --jitter and --faults are)'],
    [
      'fetch-order --network intercepted --faults reset:0.1,503:0.2',
      '--network',
      'only loopback can do that to a connection (--faults 503:0.2,reset:0.1)',
    ],
    ['fetch-order --pace 5', '--pace', 'paced is not among the approaches'],
    ['fetch-order --workers 2', '--workers', 'job-queue is not among the approaches (--approach job-queue)'],
    ['fetch-order --force', '--force', 'no file is asked for (--save, --html, --trace)'],
    ['fetch-order --json --verbose', '--verbose', '--json has everything in any case'],
    [
      'save --folder orders --origin http://127.0.0.1:4000 --latency 5',
      '--latency',
      'an API that runs already behaves as it was told (--origin)',
    ],
    ['save --folder orders --workers 2', '--workers', 'nothing is queued (--queue)'],
    [
      'save --folder orders --queue --retries 3',
      '--retries',
      'the queue itself tries an order 5 times (--queue)',
    ],
    [
      'save --folder orders --queue --workers 0 --concurrency 5',
      '--concurrency',
      'this command starts no worker (--workers 0); each worker has its own',
    ],
  ];
  const endings = await ended(idle.map(([args]) => args));
  for (const [index, [args, option, reason]] of idle.entries()) {
    await t.test(args, () => {
      const stderr = `error: ${option}: would change nothing here, since ${reason}\n`;
      assert.deepEqual(endings[index], { code: 2, stdout: '', stderr });
    });
  }
});

test('options that change something beside each other are taken, and piped output has no colour codes', async () => {
  const { code, stdout, stderr } = await run(
    ...'price-order --requests 4 --cost 0.1 --repeats 1 --approach sequential --verbose'.split(' '),
  );
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  assert.ok(!stdout.includes('\u001B'));
  assert.match(stdout, /^price-order/);
});

test(
  'Ctrl-C ends with 130 and leaves no child, no server and no temporary file',
  { skip: process.platform !== 'linux' },
  async (t) => {
    const TMPDIR = mkdtempSync(join(tmpdir(), 'async-workbench-test-'));
    t.after(() => rmSync(TMPDIR, { recursive: true, force: true }));
    const args = 'compare save-order --requests 1000 --latency 500 --approach bounded-pool'.split(' ');
    const { child, ended } = startWith({ TMPDIR }, ...args);
    // The API server and a trial: what must not stay behind exists by now.
    await until(() => child.exitCode !== null || childrenOf(child.pid!).length >= 2);
    const started = childrenOf(child.pid!);
    child.kill('SIGINT');
    const { code, stderr } = await ended;
    assert.deepEqual({ code, stderr }, { code: 130, stderr: '' });
    const alive = new Set(readdirSync('/proc'));
    assert.deepEqual(
      started.filter((pid) => alive.has(pid)),
      [],
    );
    assert.deepEqual(readdirSync(TMPDIR), []);
  },
);

test('the API serves until Ctrl-C', async () => {
  const { child, ended } = start('api', '--port', '0', '--latency', '0');
  const [line] = (await once(child.stdout.setEncoding('utf8'), 'data')) as [string];
  const [origin] = /http:\/\/127\.0\.0\.1:\d+/.exec(line)!;
  const order = (await (await fetch(`${origin}/orders/7`)).json()) as { id: number };
  assert.equal(order.id, 7);
  child.kill('SIGINT');
  const { code, stderr } = await ended;
  assert.deepEqual({ code, stderr }, { code: 130, stderr: 'served 1, aborted 0\n' });
});

test('save refuses conditions for an API that runs already, and takes their defaults for none', async () => {
  await using server = await serve({ conditions: INSTANT });
  const folder = join(mkdtempSync(join(tmpdir(), 'save-origin-')), 'orders');
  try {
    const args = ['save', '--folder', folder, '--origin', server.origin, '--requests', '2'];
    const idle = [
      ['--latency', '20'],
      ['--jitter', '5'],
      ['--faults', '503:0.1'],
      ['--seed', '2'],
    ] as const;
    const endings = await runLines(
      'src/program.ts',
      idle.map((option) => [...args, ...option]),
    );
    for (const [index, [option]] of idle.entries()) {
      const { code, stderr } = endings[index]!;
      assert.equal(code, 2, option);
      assert.equal(
        stderr,
        `error: ${option}: would change nothing here, since an API that runs already behaves as it was told (--origin)\n`,
      );
    }
    assert.equal((await run(...args)).code, 0);
  } finally {
    rmSync(join(folder, '..'), { recursive: true });
  }
});
