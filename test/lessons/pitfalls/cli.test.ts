import assert from 'node:assert/strict';
import { test } from 'node:test';
import { excerptsOf } from '../../../lessons/pitfalls/frame/excerpt.ts';
import { load, NAMES } from '../../../lessons/pitfalls/manifest.ts';
import { run } from '../../processes.ts';

const pitfall = async (...args: string[]) => {
  const { code, stdout, stderr } = await run('lessons/pitfalls/cli.ts', args);
  return { exitCode: code, stderr, printed: stdout.split('\n').slice(0, -1) };
};

test('without a name it lists every pitfall in its order, one line each, at most 80 columns wide', async () => {
  const { printed, exitCode } = await pitfall();
  const [heading, ...lines] = printed;
  assert.equal(exitCode, 0);
  assert.match(heading!, /^npm run pitfall NAME +found by$/);
  assert.deepEqual(
    lines.map((line) => line.split(' ')[0]),
    NAMES,
  );
  for (const line of lines) assert.ok(line.length <= 80, line);
});

test('the list says for each pitfall which tools find it, or that no tool does', async () => {
  const { printed } = await pitfall();
  for (const name of NAMES) {
    const { foundBy } = (await load(name)).about;
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
  const { printed, exitCode } = await pitfall('floating-promise');
  const { wrong, right } = await excerptsOf('floating-promise');
  assert.equal(exitCode, 0);
  assert.ok(printed.join('\n').includes([...wrong.lines, '', ...right.lines].join('\n')));
  assert.ok(printed.some((line) => /^ +wrong +right$/.test(line)));
  assert.ok(printed.some((line) => /^exit code +1 +0$/.test(line)));
  assert.ok(printed.some((line) => /^Found by +oxlint typescript\/no-floating-promises/.test(line)));
});

test('--json prints one document with the code of both versions and what they showed', async () => {
  const { printed } = await pitfall('floating-promise', '--json');
  const document = JSON.parse(printed.join('\n')) as Record<string, unknown>;
  const { about } = await load('floating-promise');
  const { wrong, right } = await excerptsOf('floating-promise');
  const code = { wrong: wrong.lines, right: right.lines };
  assert.deepEqual(document, { name: 'floating-promise', ...about, code, ...about.shows, holds: true });
});

test('--json without a name prints what is known of every pitfall', async () => {
  const { printed } = await pitfall('--json');
  const document = JSON.parse(printed.join('\n')) as Array<{ name: string }>;
  assert.deepEqual(
    document.map(({ name }) => name),
    NAMES,
  );
});

test('an unknown name ends with 2 and one line that says which names are near', async () => {
  const { printed, exitCode, stderr } = await pitfall('flaoting-promise');
  assert.equal(exitCode, 2);
  assert.deepEqual(printed, []);
  assert.equal(
    stderr,
    'error: expected the name of a pitfall, got "flaoting-promise"; did you mean floating-promise?\n',
  );
});

test('a name that resembles none ends with 2 and says how to see the list', async () => {
  const { exitCode, stderr } = await pitfall('zzz');
  assert.equal(exitCode, 2);
  assert.equal(stderr, 'error: expected the name of a pitfall, got "zzz"; npm run pitfall lists them all\n');
});
