// Which Python is taken, and what is said where none can run the programs. The Pythons are scripts that answer as one would.
import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { findPython, namedPython } from '../../../bench/article/find-python.ts';
import { installFor, installPython, type System } from '../../../bench/article/install-aiohttp.ts';
import { livingChildren } from '../../../src/child.ts';
import { UsageError } from '../../../src/usage-error.ts';
import { until } from '../../turns.ts';

const { signal } = new AbortController();
const ABSENT = '/no/such/python3';

/** Debian, for root. */
const DEBIAN: System = { isWindows: false, hasApt: true, hasOwnPython: true, isRoot: true };
const WITHOUT_APT: System = { ...DEBIAN, hasApt: false };

test('each Python gets a command that works for it', () => {
  const pyenv = { command: 'python3', isSystems: false, installer: 'pip', hasSome: false } as const;
  const debians = {
    command: '/usr/bin/python3',
    isSystems: true,
    installer: 'venv',
    hasSome: false,
  } as const;
  const user = { ...DEBIAN, isRoot: false };
  const windows = { ...WITHOUT_APT, isWindows: true };
  const commands: ReadonlyArray<readonly [given: string, expected: string]> = [
    [installFor(debians, DEBIAN), 'type: apt-get update && apt-get install python3-aiohttp'],
    [installFor(debians, user), 'type: sudo apt-get update && sudo apt-get install python3-aiohttp'],
    [
      installFor({ ...debians, hasSome: true }, DEBIAN),
      'type: apt-get update && apt-get install --reinstall python3-aiohttp',
    ],
    // Other systems forbid pip as well, and have their own packages.
    [
      installFor({ ...debians, command: 'python3' }, WITHOUT_APT),
      'type: python3 -m venv .venv && .venv/bin/python -m pip install aiohttp; then add --python .venv/bin/python',
    ],
    [installFor(pyenv, user), 'type: python3 -m pip install aiohttp'],
    [
      installFor({ ...pyenv, hasSome: true }, DEBIAN),
      'type: python3 -m pip install --upgrade --force-reinstall aiohttp',
    ],
    [
      installFor({ ...pyenv, command: "/my snakes/it's/python", installer: 'ensurepip' }, DEBIAN),
      String.raw`type: '/my snakes/it'\''s/python' -m ensurepip && '/my snakes/it'\''s/python' -m pip install aiohttp`,
    ],
    [
      installFor({ ...pyenv, command: String.raw`C:\My Snakes\python.exe` }, windows),
      String.raw`type in PowerShell: & 'C:\My Snakes\python.exe' -m pip install aiohttp`,
    ],
    [
      installFor(
        { ...pyenv, command: String.raw`C:\It's\py (x86)\python.exe`, installer: 'ensurepip' },
        windows,
      ),
      String.raw`type in PowerShell: & 'C:\It''s\py (x86)\python.exe' -m ensurepip; then type in PowerShell: & 'C:\It''s\py (x86)\python.exe' -m pip install aiohttp`,
    ],
    [
      installFor({ ...pyenv, command: String.raw`C:\Users\Jörg\python.exe` }, windows),
      String.raw`type: C:\Users\Jörg\python.exe -m pip install aiohttp`,
    ],
    [
      installFor({ ...pyenv, command: 'python', installer: 'venv' }, windows),
      String.raw`type: python -m venv .venv; then type: .venv\Scripts\python -m pip install aiohttp; then add --python .venv\Scripts\python`,
    ],
    [
      installPython('3.8', { ...user, hasOwnPython: false }),
      'type: sudo apt-get update && sudo apt-get install python3-aiohttp',
    ],
  ];
  for (const [given, expected] of commands) assert.equal(given, expected);
  // Debian's own Python is too old here, and no package brings another one.
  for (const system of [DEBIAN, WITHOUT_APT, windows]) {
    assert.match(installPython('3.8', system), /^install Python 3\.8 or later, and start again: /);
  }
});

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
    const here = await findPython(signal, candidates, WITHOUT_APT);
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
    const without = await findPython(signal, [bare, other], WITHOUT_APT);
    assert.ok('command' in without && without.command === bare);
    assert.match(
      without.withoutAiohttp!,
      /^Python 3\.13\.0 \(.*\) has no aiohttp; type: .*python-1 -m pip install aiohttp$/,
    );
  });

  test('what a Python says of itself decides how it gets aiohttp', async () => {
    const debians = await answering({ python: '3.11.2', isSystems: true, installer: 'venv' });
    for (const [system, command] of [
      [DEBIAN, 'apt-get update && apt-get install python3-aiohttp'],
      [WITHOUT_APT, `${debians} -m venv .venv && `],
    ] as const) {
      const { withoutAiohttp } = await namedPython(debians, signal, system);
      assert.ok(withoutAiohttp?.includes(`; type: ${command}`));
    }
  });

  test('what is missing is said in one line, with the command that installs it', async () => {
    for (const [candidates, message] of [
      [
        [ABSENT],
        /^\/no\/such\/python3: the process could not be started: .* ENOENT; install Python 3\.8 or later, /,
      ],
      [[], /^no Python is there; install Python 3\.8 or later, /],
      [
        [await script('echo broken >&2', 'exit 3')],
        /python-\d+: the process ended with exit code 3: broken; install /,
      ],
      [[await script('echo Python 3.11.2')], /expected an answer in JSON, got "Python 3\.11\.2"; install /],
      [[await script('echo null', 'cat > /dev/null')], /python-\d+ does not say its version; install /],
      [[await answering({ python: '3.6.9' })], /is Python 3\.6\.9, expected 3\.8 or later; install /],
      [[await answering({ python: '2.7.18' })], /is Python 2\.7\.18, expected 3\.8 or later; install /],
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
        /^Python 3\.12\.1 .* cannot import aiohttp \(ImportError: no yarl\); type: .* -m pip install --upgrade --force-reinstall aiohttp$/,
      ],
      [
        { python: '3.12.1', aiohttp: '2.3.10' },
        /^Python 3\.12\.1 .* has aiohttp 2\.3\.10, expected 3\.0 or later; type: /,
      ],
    ] as const) {
      const here = await findPython(signal, [await answering(probe)], WITHOUT_APT);
      assert.ok('command' in here);
      assert.match(here.withoutAiohttp!, message);
    }
  });

  test('one that was named must run, or the command line is wrong', async () => {
    const path = await whole();
    assert.equal((await namedPython(path, signal)).command, path);
    const bare = await answering({ python: '3.12.1' });
    const { withoutAiohttp } = await namedPython(bare, signal, WITHOUT_APT);
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
    searching.catch(() => {});
    await until(() => livingChildren().size > 0);
    stop.abort(left);
    await assert.rejects(searching, left);
  });
});
