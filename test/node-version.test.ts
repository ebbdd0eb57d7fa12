// An older Node than the workbench needs gets one line that says what to do, and no stack. And the other versions of Node that
// tests run are found.
import assert from 'node:assert/strict';
import { spawnSync, type SpawnSyncReturns } from 'node:child_process';
import { mkdtempSync, cpSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { test } from 'node:test';
import { nodeOf } from './nodes.ts';

const ROOT = join(import.meta.dirname, '..');
const ENTRIES = [
  'src',
  'lessons',
  'lessons/pitfalls',
  'lessons/practice',
  'bench',
  'bench/soak',
  'src/awaiting',
];

const REFUSAL =
  /^error: expected Node 24 or later, got 22\.\S+; start it by npm \(npm start, npm run …\)[^\n]*\n$/;

test('Node 22 reads TypeScript, and is sent away by every entry that is typed by hand', async (t) => {
  const node: string | undefined = await nodeOf(22);
  if (node === undefined) return t.skip('no Node 22 here');
  const run = (...args: string[]): SpawnSyncReturns<string> =>
    spawnSync(node, ['--no-warnings', ...args], { encoding: 'utf8', cwd: ROOT });
  const programs = ENTRIES.map((entry) => join(ROOT, entry, 'cli.ts'));
  const { status, stdout, stderr } = run(programs[0]!);
  assert.deepEqual([status, stdout], [2, '']);
  assert.match(stderr, REFUSAL);
  // The same of all of them in one process, in which an exit ends only the entry.
  const all = `
    const endings = [];
    for (const program of ${JSON.stringify(programs)}) {
      let stderr = '';
      process.stderr.write = (text) => { stderr += text; };
      process.exit = (status) => { throw status; };
      const status = await import(program).then(() => 'goes on', (ended) => ended);
      endings.push({ status, stderr });
    }
    console.log(JSON.stringify(endings));`;
  const endings = JSON.parse(run('--input-type=module', '--eval', all).stdout) as Array<{
    readonly status: unknown;
    readonly stderr: string;
  }>;
  assert.equal(endings.length, ENTRIES.length);
  for (const [index, entry] of ENTRIES.entries()) {
    const { status, stderr } = endings[index]!;
    assert.equal(status, 2, entry);
    assert.match(stderr, REFUSAL, entry);
  }
});

test('Node 20 cannot read TypeScript, and is sent away by what npm starts', async (t) => {
  const node = await nodeOf(20);
  if (node === undefined) return t.skip('no Node 20 here');
  const { status, stderr } = spawnSync(node, ['src/run.js', 'src/cli.ts'], { encoding: 'utf8', cwd: ROOT });
  assert.equal(status, 2);
  assert.match(stderr, /^error: expected Node 24 or later, got 20\.[^\n]*\n$/);
});

test('in a folder whose path has the separator of PATH in it, that is named as the reason', async (t) => {
  const node = await nodeOf(20);
  if (node === undefined || process.platform === 'win32') return t.skip('no Node 20 here');
  const folder = mkdtempSync(join(tmpdir(), `a${delimiter}b-`));
  try {
    cpSync(join(ROOT, 'src/node-version.js'), join(folder, 'node-version.mjs'));
    const { stderr } = spawnSync(
      node,
      [
        '--input-type=module',
        '-e',
        `import { refuseOldNode } from ${JSON.stringify(join(folder, 'node-version.mjs'))}; refuseOldNode();`,
      ],
      { encoding: 'utf8', cwd: folder },
    );
    assert.match(
      stderr,
      /has a ":" in it, which hides the Node that comes with the packages: move the folder\n$/,
    );
  } finally {
    rmSync(folder, { recursive: true });
  }
});

test('a Node of the major version that was asked for is found, or none', async (t) => {
  for (const major of [20, 22, 24, 26]) {
    const node = await nodeOf(major);
    if (!node) {
      t.diagnostic(`no Node ${major} here, and none could be fetched`);
      continue;
    }
    const { stdout } = spawnSync(node, ['--version'], { encoding: 'utf8' });
    assert.match(stdout, new RegExp(`^v${major}\\.`));
  }
});

test('a major version that nobody offers gives undefined and no error', async () => {
  assert.equal(await nodeOf(0), undefined);
});
