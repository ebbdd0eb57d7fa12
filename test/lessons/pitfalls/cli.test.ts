import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { isDeepStrictEqual } from 'node:util';
import { excerptsOf } from '../../../lessons/pitfalls/frame/excerpt.ts';
import { load, NAMES, type PitfallName } from '../../../lessons/pitfalls/manifest.ts';
import type { About } from '../../../lessons/pitfalls/frame/pitfall.ts';
import { run, runLines } from '../../processes.ts';

interface Shown {
  readonly exitCode: number;
  readonly stderr: string;
  readonly printed: readonly string[];
}

/** All command lines of this file. Each process would load every pitfall, to print a few lines. */
const LINES = [
  [],
  ['floating-promise'],
  ['lost-update', '--json'],
  ['--json'],
  ['flaoting-promise'],
  ['zzz'],
] as const;
let endings: readonly Shown[];
before(async () => {
  const all = await runLines('lessons/pitfalls/program.ts', LINES);
  endings = all.map(({ code, stdout, stderr }) => ({
    exitCode: code,
    stderr,
    printed: stdout.split('\n').slice(0, -1),
  }));
});

function pitfall(...args: readonly string[]): Shown {
  const place = LINES.findIndex((line) => isDeepStrictEqual(line, args));
  return endings[place] ?? assert.fail(`not among the command lines: ${args.join(' ')}`);
}

/** What is known of a pitfall. To load all of them here as well would take as long as all that this file asserts. */
function known(name: PitfallName): About & { readonly name: string } {
  const all = JSON.parse(pitfall('--json').printed.join('\n')) as ReturnType<typeof known>[];
  return all.find((each) => each.name === name) ?? assert.fail(`${name} is not among them`);
}

test('without a name it lists every pitfall in its order, one line each, at most 80 columns wide', () => {
  const { printed, exitCode } = pitfall();
  const [heading, ...lines] = printed;
  assert.equal(exitCode, 0);
  assert.match(heading!, /^npm run pitfall NAME +found by$/);
  assert.deepEqual(
    lines.map((line) => line.split(' ')[0]),
    NAMES,
  );
  for (const line of lines) assert.ok(line.length <= 80, line);
});

test('the file that npm starts runs the same program', async () => {
  const { code, stdout, stderr } = await run('lessons/pitfalls/cli.ts', ['lost-update', '--json']);
  assert.deepEqual(
    { exitCode: code, stderr, printed: stdout.split('\n').slice(0, -1) },
    pitfall('lost-update', '--json'),
  );
});

test('the list says for each pitfall which tools find it, or that no tool does', () => {
  const { printed } = pitfall();
  for (const name of NAMES) {
    const { foundBy } = known(name);
    const last = printed
      .find((line) => line.startsWith(`${name} `))!
      .split(/ {2,}/)
      .at(-1);
    const [first, second, ...others] = new Set(foundBy.map((detector) => detector.split(' ')[0]));
    const more = others.length > 0 ? ` +${others.length}` : '';
    assert.equal(last, first === undefined ? 'no tool' : [first, second].filter(Boolean).join(', ') + more);
  }
});

test('with a name it shows both functions as they stand in the file, both symptoms, and who finds it', async () => {
  const { printed, exitCode } = pitfall('floating-promise');
  const { wrong, right } = await excerptsOf('floating-promise');
  assert.equal(exitCode, 0);
  assert.ok(printed.join('\n').includes([...wrong.lines, '', ...right.lines].join('\n')));
  assert.ok(printed.some((line) => /^ +wrong +right$/.test(line)));
  assert.ok(printed.some((line) => /^exit code +1 +0$/.test(line)));
  assert.ok(printed.some((line) => /^Found by +oxlint typescript\/no-floating-promises/.test(line)));
});

test('--json prints one document with the code of both versions and what they showed', async () => {
  const { printed } = pitfall('lost-update', '--json');
  const document = JSON.parse(printed.join('\n')) as Record<string, unknown>;
  const about = known('lost-update');
  const { wrong, right } = await excerptsOf('lost-update');
  const code = { wrong: wrong.lines, right: right.lines };
  assert.deepEqual(document, { ...about, code, ...about.shows, holds: true });
});

test('--json without a name prints what is known of every pitfall', async () => {
  const { printed } = pitfall('--json');
  const document = JSON.parse(printed.join('\n')) as Array<{ name: string }>;
  assert.deepEqual(
    document.map(({ name }) => name),
    NAMES,
  );
  const { about } = await load('context-lost');
  assert.deepEqual(known('context-lost'), { name: 'context-lost', ...about });
});

test('an unknown name ends with 2 and one line that says which names are near', async () => {
  const { printed, exitCode, stderr } = pitfall('flaoting-promise');
  assert.equal(exitCode, 2);
  assert.deepEqual(printed, []);
  assert.equal(
    stderr,
    'error: expected the name of a pitfall, got "flaoting-promise"; did you mean floating-promise?\n',
  );
});

test('a name that resembles none ends with 2 and says how to see the list', async () => {
  const { exitCode, stderr } = pitfall('zzz');
  assert.equal(exitCode, 2);
  assert.equal(stderr, 'error: expected the name of a pitfall, got "zzz"; npm run pitfall lists them all\n');
});
