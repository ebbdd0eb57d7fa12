// Whoever copies one file of src/approaches into a project of their own gets something that compiles and runs there. Each
// file is copied alone; what only a failure reaches is run as well, on the oldest Node versions that we speak of.
import assert from 'node:assert/strict';
import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { promisify } from 'node:util';
import { programOf } from '../../bench/article/runtimes/find.ts';
import { RUNTIME_NAMES, RUNTIMES } from '../../bench/article/runtimes/kinds.ts';
import { LeftOut } from '../../bench/suite.ts';
import { runtimesHere } from '../bench/article/found-here.ts';
import { nodeOf } from '../nodes.ts';

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL('../..', import.meta.url));
const APPROACHES = join(ROOT, 'src/approaches');
const FILES = (await readdir(APPROACHES)).filter((file) => file.endsWith('.ts'));

/** What strangers' projects are set to, beyond `strict`. */
const STRICTEST = {
  strict: true,
  noEmit: true,
  target: 'es2022',
  lib: ['es2022'],
  types: ['node'],
  noUncheckedIndexedAccess: true,
  exactOptionalPropertyTypes: true,
  noPropertyAccessFromIndexSignature: true,
  noImplicitOverride: true,
  noImplicitReturns: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
  isolatedModules: true,
  skipLibCheck: true,
};
const SETTINGS = {
  'nodenext, an ES module': {
    type: 'module',
    module: 'nodenext',
    moduleResolution: 'nodenext',
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
  },
  'nodenext, CommonJS': { type: 'commonjs', module: 'nodenext', moduleResolution: 'nodenext' },
  bundler: {
    type: 'module',
    module: 'esnext',
    moduleResolution: 'bundler',
    verbatimModuleSyntax: true,
    erasableSyntaxOnly: true,
  },
};

let folder: string;
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'async-workbench-copies-'));
});
after(() => rm(folder, { recursive: true, force: true }));

describe('a file that is copied alone', () => {
  test('imports nothing but what Node has', async () => {
    for (const file of FILES) {
      const source = await readFile(join(APPROACHES, file), 'utf8');
      const imported = [...source.matchAll(/\bfrom '([^']+)'|\bimport\('([^']+)'\)/g)].map(
        ([, from, dynamic]) => from ?? dynamic!,
      );
      assert.deepEqual(
        imported.filter((name) => !name.startsWith('node:')),
        [],
        file,
      );
    }
  });

  test('says in its first lines which Node it needs', async () => {
    for (const file of FILES.filter((file) => file !== 'task.ts')) {
      const [head] = (await readFile(join(APPROACHES, file), 'utf8')).split(/^(?!\/\/)/m);
      assert.match(head!, /Needs Node 20/, file);
    }
  });

  test('declares no global names', async () => {
    for (const file of FILES) {
      assert.doesNotMatch(
        await readFile(join(APPROACHES, file), 'utf8'),
        /\bdeclare (global|module)\b/,
        file,
      );
    }
  });

  test("compiles with Node's types of 20 and 22, es2022, as a strict project of each kind", async () => {
    const projects: string[] = [];
    for (const types of [20, 22]) {
      for (const kind of Object.keys(SETTINGS) as Kind[]) projects.push(await strictProject(types, kind));
    }
    // In one run, which reads Node's types once for several projects. What it says names the project.
    const tsc = join(ROOT, 'node_modules/typescript/bin/tsc');
    await run(process.execPath, [tsc, '--build', ...projects], { cwd: folder }).catch(
      ({ stdout }: { stdout: string }) => assert.fail(stdout),
    );
  });
});

type Kind = keyof typeof SETTINGS;

/** A folder with all files, each in a folder of its own there: none sees another one. */
async function strictProject(types: number, kind: Kind): Promise<string> {
  const { type, ...settings } = SETTINGS[kind];
  const project = join(folder, `${types}-${kind.replaceAll(/\W+/g, '-')}`);
  await mkdir(join(project, 'node_modules/@types'), { recursive: true });
  const nodeTypes = join(ROOT, 'node_modules', `types-node-${types}`);
  await symlink(nodeTypes, join(project, 'node_modules/@types/node'), 'junction');
  for (const file of FILES) {
    await mkdir(join(project, file));
    await cp(join(APPROACHES, file), join(project, file, file));
  }
  await writeFile(join(project, 'package.json'), JSON.stringify({ type }));
  const compilerOptions = { ...STRICTEST, ...settings };
  const files = FILES.map((file) => `${file}/${file}`);
  await writeFile(join(project, 'tsconfig.json'), JSON.stringify({ compilerOptions, files }));
  return project;
}

for (const major of [20, 22]) {
  test(`on Node ${major} the copies do what they promise, also where only a failure leads`, async (t) => {
    const node = await nodeOf(major);
    if (!node) return t.skip(`no Node ${major} here, and none could be fetched`);
    const project = join(folder, `node-${major}`);
    await mkdir(project, { recursive: true });
    for (const file of FILES) {
      const source = await readFile(join(APPROACHES, file), 'utf8');
      await writeFile(join(project, file.replace('.ts', '.mjs')), stripTypeScriptTypes(source));
    }
    await cp(new URL('./copies-program.mjs', import.meta.url), join(project, 'program.mjs'));
    const { stdout } = await run(node, ['program.mjs'], { cwd: project });
    assert.match(stdout, new RegExp(`^all held on v${major}\\.`, 'm'));
    return undefined;
  });
}

for (const name of RUNTIME_NAMES) {
  test(`on ${RUNTIMES[name].called} they do so too, with their types`, async (t) => {
    const [runtime] = await runtimesHere([name]);
    if (runtime instanceof LeftOut) return t.skip(runtime.message);
    const project = join(folder, name);
    await mkdir(project);
    for (const file of FILES) await cp(join(APPROACHES, file), join(project, file));
    const program = await readFile(new URL('./copies-program.mjs', import.meta.url), 'utf8');
    const path = join(project, 'program.mjs');
    await writeFile(path, program.replaceAll(/(?<=from '\.\/[\w-]+)\.mjs'/g, ".ts'"));
    const { command, args, environment } = programOf(runtime!, pathToFileURL(path).href);
    const { stdout } = await run(command, args, { env: { ...process.env, ...environment } });
    assert.match(stdout, /^all held on /m);
    return undefined;
  });
}
