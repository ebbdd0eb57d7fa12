// `npm run race` as its users start it: a process with arguments, exit code, stdout and stderr.
import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { after, before, test } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { request } from 'undici';
import { serve } from '../../src/api/serve.ts';
import { INSTANT } from '../../src/api/conditions.ts';
import { run, runLines, ROOT } from '../processes.ts';
import { defaultRun } from '../report/html/runs.ts';
import { endless, post, watch } from './race-server.ts';

const CLI = 'src/race/cli.ts';
let folder = '';
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'workbench race-'));
  await writeFile(join(folder, 'a run.json'), JSON.stringify(defaultRun()));
  await writeFile(join(folder, 'no-run.json'), '{"comparisons": 7}');
  await writeFile(join(folder, 'empty.json'), JSON.stringify({ ...defaultRun(), comparisons: [] }));
});
after(() => rm(folder, { recursive: true }));

/** Starts it and waits until it has said where it is. */
async function started(args: readonly string[] = [], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, [join(ROOT, CLI), '--port', '0', ...args], {
    cwd: folder,
    stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, ...env },
  });
  let said = '';
  child.stdout.setEncoding('utf8').on('data', (part: string) => (said += part));
  const stderr = text(child.stderr);
  while (!said.includes('Ctrl-C ends it')) await once(child.stdout, 'data');
  return {
    child,
    said: () => said,
    origin: /the race is on (\S+)/.exec(said)![1]!,
    apiOrigin: /any client can ask: (\S+)\/NAME/.exec(said)?.[1],
    async stop() {
      child.kill('SIGINT');
      const [code] = (await once(child, 'close')) as [number | null];
      return { code, stderr: await stderr };
    },
  };
}

/** Whether anybody listens there. */
const answers = (origin: string) =>
  request(`${origin}/health`).then(
    async ({ body }) => {
      await body.dump();
      return true;
    },
    () => false,
  );

test('a wrong command line ends with 2 and one line that names what would be right', async () => {
  const wrong = [
    [['--port', '70000'], /whole number from 0 to 65535, got "70000"/],
    [['--port', 'x'], /whole number from 0 to 65535/],
    [['--api-port', '-1'], /whole number from 0 to 65535/],
    [['--prt', '1'], /Did you mean --port/],
    [['one.json', 'two.json'], /too many arguments/],
    [[join(folder, 'missing.json')], /missing\.json: cannot be read \(ENOENT\)/],
    [[folder], /cannot be read \(EISDIR\)/],
    [[join(folder, 'no-run.json')], /no-run\.json: document\.environment: expected an object, got nothing/],
    [[join(folder, 'empty.json')], /empty\.json: holds no comparison to play/],
    [[join(folder, 'a run.json'), '--api-port', '1'], /--api-port: would change nothing here/],
  ] as const;
  const endings = await runLines(
    'src/race/program.ts',
    wrong.map(([args]) => args),
  );
  // The process itself ends so too.
  assert.deepEqual(await run(CLI, wrong[0][0]), endings[0]);
  for (const [index, [, says]] of wrong.entries()) {
    const { code, stdout, stderr } = endings[index]!;
    assert.deepEqual({ code, stdout }, { code: 2, stdout: '' }, stderr);
    assert.match(stderr, /^error: [^\n]+\n$/);
    assert.match(stderr, says);
  }
});

test('a port in use ends with 2, names the option, and leaves nothing running', async () => {
  await using taken = await serve({ conditions: INSTANT });
  const says = (option: string) =>
    `error: ${option}: port ${taken.port} cannot be used (EADDRINUSE); choose another, or 0 for any free one\n`;
  // The process comes to its end only if nothing runs on.
  const endings = await runLines('src/race/program.ts', [
    ['--port', String(taken.port)],
    ['--port', '0', '--api-port', String(taken.port)],
  ]);
  assert.deepEqual(
    endings,
    ['--port', '--api-port'].map((option) => ({ code: 2, stdout: '', stderr: says(option) })),
  );
});

test('--help has every option and examples, in lines of at most 100 columns', async () => {
  const { code, stdout, stderr } = await run(CLI, ['--help']);
  assert.deepEqual({ code, stderr }, { code: 0, stderr: '' });
  for (const part of ['--port', '--api-port', '--open', 'npm run race -- run.json', '/NAME/orders/7']) {
    assert.ok(stdout.includes(part), part);
  }
  assert.ok(stdout.split('\n').every((line) => line.length <= 100));
});

test('Ctrl-C in the middle of a race ends all of it, with 130', async () => {
  const race = await started();
  const server = { origin: race.origin, apiOrigin: race.apiOrigin, [Symbol.asyncDispose]: async () => {} };
  await using page = await watch(server);
  assert.equal((await post(server, '/start', endless())).status, 202);
  await page.until(() => page.lanes.get('sequential')?.phase === 'warms up');
  assert.equal(await answers(race.apiOrigin!), true);
  const { code, stderr } = await race.stop();
  assert.deepEqual({ code, stderr }, { code: 130, stderr: '' });
  // The API is a process of its own, and so is the trial that asks it: it would be missed by nobody else.
  while (await answers(race.apiOrigin!)) await sleep(10);
});

test('a saved run is found from where the command was typed, and plays without an API', async () => {
  const race = await started(['a run.json']);
  assert.equal(race.apiOrigin, undefined);
  const { body } = await request(`${race.origin}/replay.json`);
  const { file, comparisons } = (await body.json()) as { file: string; comparisons: unknown[] };
  assert.deepEqual([file, comparisons.length], ['a run.json', 2]);
  assert.equal((await race.stop()).code, 130);
});

test(
  '--open hands the address to the browser that BROWSER names',
  { skip: process.platform === 'win32' },
  async () => {
    const [opener, note] = [join(folder, 'opener.sh'), join(folder, 'opened')];
    await writeFile(opener, `#!/bin/sh\nprintf '%s' "$1" > "${note}.part" && mv "${note}.part" "${note}"\n`);
    await chmod(opener, 0o755);
    const race = await started(['a run.json', '--open'], { BROWSER: opener });
    const opened = () => readFile(note, 'utf8').catch(() => '');
    while ((await opened()) === '') await sleep(10);
    assert.equal(await opened(), race.origin);
    assert.deepEqual(await race.stop(), { code: 130, stderr: '' });
  },
);

test('a browser that cannot be opened is a line on stderr, and the page is there all the same', async () => {
  const race = await started(['a run.json', '--open'], { BROWSER: join(folder, 'no such browser') });
  const { statusCode, body } = await request(race.origin);
  await body.dump();
  assert.equal(statusCode, 200);
  const { code, stderr } = await race.stop();
  assert.equal(code, 130);
  assert.match(stderr, /^no browser could be opened \(ENOENT\); open the address yourself\n$/);
});
