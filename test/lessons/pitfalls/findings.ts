// What tsc, oxlint and ESLint report inside `wrong` and `right` of each pitfall. Each tool runs once, over all files,
// with every rule it has about asynchrony: on the day when one learns to see a pitfall, we want to notice.
import { execFile } from 'node:child_process';
import { cp, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Linter } from 'eslint';
import { builtinRules } from 'eslint/use-at-your-own-risk';
import { excerptsOf, type Excerpt } from '../../../lessons/pitfalls/frame/excerpt.ts';
import { NAMES, type PitfallName } from '../../../lessons/pitfalls/manifest.ts';

export type Place = 'wrong' | 'right' | 'elsewhere';

export interface Finding {
  readonly pitfall: PitfallName;
  /** As in `about.foundBy`: the tool, a space, the rule. */
  readonly detector: string;
  readonly place: Place;
}

const ROOT = fileURLToPath(new URL('../../..', import.meta.url));

/** Rules that speak of asynchrony. The others (names, sizes, order of imports) tell nothing about a pitfall. */
const ASYNCHRONY =
  /async|sync|await|promise|then|callback|atomic|executor|resolve|void-return|catch-or-return|listener|condition/;

/** Of those, the ones that forbid a construct to everybody, whoever uses it right: taste, not a finding. */
const TASTE = new Set([
  'oxc/no-async-await',
  'promise/avoid-new',
  'promise/prefer-await-to-then',
  'promise/prefer-await-to-callbacks',
  'promise/always-return',
  'promise/catch-or-return',
  'typescript/promise-function-async',
  'typescript/require-await',
  'unicorn/no-await-expression-member',
  'unicorn/prefer-top-level-await',
  'node/no-top-level-await',
  'require-await',
]);

export async function findings(): Promise<Finding[]> {
  const places = new Map(await Promise.all(NAMES.map(async (name) => [name, await placesIn(name)] as const)));
  const reports = await onCopy(async (copy) =>
    (await Promise.all([tsc(copy), oxlint(['lessons/pitfalls'], copy)])).flat(),
  );
  const found = reports.flatMap(({ file, line, detector }) => {
    const pitfall = NAMES.find((name) => file === `${name}.ts`);
    return pitfall ? [{ pitfall, detector, place: places.get(pitfall)!(line) }] : [];
  });
  // ESLint counts where it alone finds something: oxlint has most of its rules too.
  const key = ({ pitfall, place, detector }: Finding) => `${pitfall} ${place} ${detector.split(' ')[1]}`;
  const known = new Set(found.map(key));
  return [...found, ...(await eslint()).filter((finding) => !known.has(key(finding)))];
}

interface Report {
  readonly file: string;
  readonly line: number;
  readonly detector: string;
}

async function placesIn(name: PitfallName): Promise<(line: number) => Place> {
  const { wrong, right } = await excerptsOf(name);
  const within = (line: number, { first, last }: Excerpt) => line >= first && line <= last;
  return (line) => (within(line, wrong) ? 'wrong' : within(line, right) ? 'right' : 'elsewhere');
}

/**
 * Does something with a copy of the pitfalls whose `@ts-expect-error` say nothing, so that tsc itself tells the code of each
 * error and its place. The copy is a project of its own, as strict as ours: to load all our files takes several times as long.
 */
async function onCopy<Result>(work: (copy: string) => Promise<Result>): Promise<Result> {
  const copy = await mkdtemp(join(tmpdir(), 'pitfalls-'));
  try {
    for (const shared of ['src', 'node_modules', 'package.json'])
      await symlink(join(ROOT, shared), join(copy, shared));
    const settings = { extends: join(ROOT, 'tsconfig.json'), include: ['lessons/pitfalls'] };
    await writeFile(join(copy, 'tsconfig.json'), JSON.stringify(settings));
    await cp(join(ROOT, 'lessons'), join(copy, 'lessons'), { recursive: true });
    const folder = join(copy, 'lessons/pitfalls');
    for (const file of await readdir(folder)) {
      if (!file.endsWith('.ts')) continue;
      const source = await readFile(join(folder, file), 'utf8');
      await writeFile(join(folder, file), source.replaceAll('@ts-expect-error', ''));
    }
    return await work(copy);
  } finally {
    await rm(copy, { recursive: true });
  }
}

async function tsc(copy: string): Promise<Report[]> {
  const options = ['--noEmit', '--pretty', 'false', '--singleThreaded'];
  const output = await outputOf('typescript/bin/tsc', options, copy);
  return [...output.matchAll(/^lessons\/pitfalls\/([\w-]+\.ts)\((\d+),\d+\): error (TS\d+)/gm)].map(
    ([, file, line, code]) => ({ file: file!, line: Number(line), detector: `tsc ${code}` }),
  );
}

const PLUGINS = ['typescript', 'import', 'promise', 'node', 'unicorn', 'oxc'];
const CATEGORIES = ['correctness', 'suspicious', 'pedantic', 'perf', 'style', 'restriction', 'nursery'];

/** Every rule, with the options of the project; not its own configuration, which has to be silent about `wrong`. */
async function oxlint(paths: readonly string[], cwd: string): Promise<Report[]> {
  const folder = await mkdtemp(join(tmpdir(), 'pitfalls-'));
  try {
    const project = JSON.parse(await readFile(join(ROOT, '.oxlintrc.json'), 'utf8')) as { rules: object };
    const rules = Object.fromEntries(
      Object.entries(project.rules).filter(([, setting]) => Array.isArray(setting)),
    );
    const categories = Object.fromEntries(CATEGORIES.map((category) => [category, 'error']));
    const config = join(folder, 'every-rule.json');
    await writeFile(config, JSON.stringify({ plugins: PLUGINS, categories, rules }));
    const options = ['--type-aware', '--config', config, '--format', 'json', ...paths];
    const { diagnostics } = JSON.parse(await outputOf('oxlint/bin/oxlint', options, cwd)) as {
      diagnostics: ReadonlyArray<{
        code: string;
        filename: string;
        labels: ReadonlyArray<{ span: { line: number } }>;
      }>;
    };
    return diagnostics.flatMap(({ code, filename, labels }) => {
      const [, plugin, rule] = /^([\w-]+)\(([\w-]+)\)$/.exec(code) ?? [];
      const name = plugin === 'eslint' ? rule! : `${plugin}/${rule}`;
      if (!isOfInterest(name)) return [];
      return [{ file: basename(filename), line: labels[0]?.span.line ?? 1, detector: `oxlint ${name}` }];
    });
  } finally {
    await rm(folder, { recursive: true });
  }
}

/** typescript-eslint does not support TypeScript 7, and need not: Node strips the types. */
async function eslint(): Promise<Finding[]> {
  const reports = NAMES.map(async (pitfall) => {
    const excerpts = await excerptsOf(pitfall);
    return (['wrong', 'right'] as const).flatMap((place) => {
      const source = stripTypeScriptTypes(excerpts[place].lines.join('\n'));
      return eslintOf(source).map((detector) => ({ pitfall, place, detector }));
    });
  });
  return (await Promise.all(reports)).flat();
}

function eslintOf(source: string): string[] {
  const rules = Object.fromEntries(
    [...builtinRules.keys()].filter(isOfInterest).map((rule) => [rule, 'error' as const]),
  );
  const config = { languageOptions: { ecmaVersion: 'latest', sourceType: 'module' }, rules } as const;
  return new Linter().verify(source, config).map(({ ruleId, message }) => {
    if (ruleId === null) throw new Error(`ESLint cannot read this: ${message}\n${source}`);
    return `eslint ${ruleId}`;
  });
}

/** What oxlint and ESLint report in each of these programs of a few lines, without any type annotation. */
export async function findingsIn(sources: readonly string[]): Promise<string[][]> {
  const folder = await mkdtemp(join(tmpdir(), 'pitfalls-'));
  try {
    await symlink(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    await writeFile(join(folder, 'package.json'), '{ "type": "module" }');
    const compilerOptions = {
      target: 'es2025',
      module: 'nodenext',
      types: ['node'],
      strict: true,
      noImplicitAny: false,
    };
    await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, include: ['*.ts'] }));
    const files = sources.map((_, index) => `${index}.ts`);
    await Promise.all(files.map((file, index) => writeFile(join(folder, file), sources[index]!)));
    const reports = await oxlint(files, folder);
    return sources.map((source, index) => [
      ...reports.filter(({ file }) => file === files[index]).map(({ detector }) => detector),
      ...eslintOf(source),
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
}

function isOfInterest(rule: string): boolean {
  return ASYNCHRONY.test(rule) && !TASTE.has(rule);
}

/** What a command of node_modules prints; both linters and tsc exit with 1 when they found something. */
async function outputOf(command: string, options: readonly string[], cwd: string): Promise<string> {
  const { promise, resolve } = Promise.withResolvers<string>();
  execFile(
    process.execPath,
    [join(ROOT, 'node_modules', command), ...options],
    { cwd, maxBuffer: 2 ** 26 },
    (_error, stdout) => resolve(stdout),
  );
  return promise;
}
