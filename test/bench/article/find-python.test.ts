// Which Python is taken, and what is said where none can run the programs. The Pythons are scripts that answer as one would.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { findPython, namedPython } from '../../../bench/article/find-python.ts';
import { UsageError } from '../../../src/usage-error.ts';

const { signal } = new AbortController();
const ABSENT = '/no/such/python3';

describe('a Python is looked for', { skip: process.platform === 'win32' }, () => {
  let folder = '';
  let scripts = 0;
  before(async () => {
    folder = await mkdtemp(join(tmpdir(), 'async-workbench-test-'));
  });
  after(() => rm(folder, { recursive: true }));

  /** A Python that runs `lines` of a shell. */
  async function script(...lines: string[]): Promise<string> {
    const path = join(folder, `python-${++scripts}`);
    await writeFile(path, ['#!/bin/sh', ...lines, ''].join('\n'), { mode: 0o755 });
    return path;
  }
  /** A Python that answers the probe, and stays until its input ends. */
  const answering = (answer: object) => script(`echo '${JSON.stringify(answer)}'`, 'cat > /dev/null');
  const whole = () => answering({ python: '3.11.2', aiohttp: '3.8.4' });
  const missingOf = async (...candidates: string[]) => {
    const here = await findPython(signal, candidates);
    return 'missing' in here ? here.missing : assert.fail(`found ${here.command}`);
  };

  test('the first one that has aiohttp is taken, and the first one at all if none has', async () => {
    const [bare, other, both] = [
      await answering({ python: '3.13.0' }),
      await answering({ python: '3.12.0' }),
      await whole(),
    ];
    const found = await findPython(signal, [ABSENT, bare, both]);
    assert.deepEqual(found, {
      command: both,
      version: '3.11.2',
      aiohttp: '3.8.4',
      withoutAiohttp: undefined,
    });
    const without = await findPython(signal, [bare, other]);
    assert.ok('command' in without && without.command === bare);
    assert.match(without.withoutAiohttp!, /^Python 3\.13\.0 \(.*\) has no aiohttp; type: .*aiohttp$/);
  });

  test('what is missing is said in one line, with the command that installs it', async () => {
    for (const [candidates, message] of [
      [[ABSENT], /^\/no\/such\/python3: the process could not be started: .* ENOENT; type: .*aiohttp$/],
      [[], /^no Python is there; type: .*aiohttp$/],
      [
        [await script('echo broken >&2', 'exit 3')],
        /python-\d+: the process ended with exit code 3: broken; type: /,
      ],
      [[await script('echo Python 3.11.2')], /expected an answer in JSON, got "Python 3\.11\.2"; type: /],
      [[await script('echo null', 'cat > /dev/null')], /python-\d+ does not say its version; type: /],
      [[await answering({ python: '3.6.9' })], /is Python 3\.6\.9, expected 3\.8 or later; type: /],
      [[await answering({ python: '2.7.18' })], /is Python 2\.7\.18, expected 3\.8 or later; type: /],
    ] as const) {
      const missing = await missingOf(...candidates);
      assert.match(missing, message);
      assert.ok(!missing.includes('\n'));
    }
  });

  test('an aiohttp that is broken or too old is said to be so', async () => {
    for (const [probe, message] of [
      [
        { python: '3.12.1', trouble: 'ImportError: no yarl' },
        /^Python 3\.12\.1 .* cannot import aiohttp \(ImportError: no yarl\); type: /,
      ],
      [
        { python: '3.12.1', aiohttp: '2.3.10' },
        /^Python 3\.12\.1 .* has aiohttp 2\.3\.10, expected 3\.0 or later; type: /,
      ],
    ] as const) {
      const here = await findPython(signal, [await answering(probe)]);
      assert.ok('command' in here);
      assert.match(here.withoutAiohttp!, message);
    }
  });

  test('one that was named must run, or the command line is wrong', async () => {
    const path = await whole();
    assert.equal((await namedPython(path, signal)).command, path);
    const bare = await answering({ python: '3.12.1' });
    const { withoutAiohttp } = await namedPython(bare, signal);
    assert.ok(withoutAiohttp?.endsWith(`type: ${bare} -m pip install aiohttp`));
    await assert.rejects(namedPython(ABSENT, signal), (error) => {
      assert.ok(error instanceof UsageError);
      assert.match(
        error.message,
        /^--python: expected a Python that runs, got \/no\/such\/python3: .*ENOENT$/,
      );
      return true;
    });
  });

  test('an abort ends the search with its reason, also while a Python hangs', async () => {
    const left = new Error('the guests have left');
    const stop = new AbortController();
    const searching = findPython(stop.signal, [await script('exec sleep 600'), await whole()]);
    stop.abort(left);
    await assert.rejects(searching, left);
  });
});
