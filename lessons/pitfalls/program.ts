// npm run pitfall: the list. With a name: the code of wrong and right, and what each of them shows. It exits with 1 if a
// run does not show what the pitfall claims, so that the claim is checked wherever somebody reads it.
import { command, main, type Result } from '../../src/command-line.ts';
import { nearest } from '../../src/nearest.ts';
import { print } from '../../src/output.ts';
import { paintFor } from '../../src/report/paint.ts';
import { UsageError } from '../../src/usage-error.ts';
import { excerptsOf } from './frame/excerpt.ts';
import { list, page } from './frame/page.ts';
import { demonstrate } from './frame/pitfall.ts';
import { isPitfall, load, NAMES, type PitfallName } from './manifest.ts';

const HELP = `
A pitfall is code that looks right and goes wrong. With a name you see the wrong
code, the right code, what each of them showed when it ran just now, the remedy,
and which tool would have found the fault.

Examples:
  npm run pitfall                              the list
  npm run pitfall floating-promise             run one
  npm run pitfall floating-promise -- --json   the same for a program

Exit codes: 0 both versions showed what the pitfall claims, 1 they did not,
2 a wrong command line.`;

await main((bind) =>
  command('npm run pitfall --', 'Run common mistakes of asynchronous code, each beside its remedy.')
    .argument('[name]', 'the pitfall to run; without it, the list')
    .option('--json', 'print one JSON document and nothing else')
    .addHelpText('after', HELP)
    .action(
      bind(async (signal, name: string | undefined, { json = false }: { readonly json?: boolean }) => {
        if (name === undefined) return printList(json);
        if (!isPitfall(name)) throw new UsageError(unknownName(name));
        return run(name, json, signal);
      }),
    ),
);

async function printList(json: boolean): Promise<Result> {
  const entries = await Promise.all(NAMES.map(async (name) => ({ name, about: (await load(name)).about })));
  print([json ? asJson(entries.map(({ name, about }) => ({ name, ...about }))) : list(entries)]);
  return 'done';
}

async function run(name: PitfallName, json: boolean, signal: AbortSignal): Promise<Result> {
  const excerpts = await excerptsOf(name);
  const code = { wrong: excerpts.wrong.lines, right: excerpts.right.lines };
  // What hangs on purpose cannot be asked to stop. This process ends, and on its way out it ends its children.
  const endNow = () => process.exit(130);
  signal.addEventListener('abort', endNow);
  const demonstration = await demonstrate(await load(name));
  signal.removeEventListener('abort', endNow);
  const { about, ...symptoms } = demonstration;
  const next = NAMES[NAMES.indexOf(name) + 1];
  print([
    json
      ? asJson({ name, ...about, code, ...symptoms })
      : page({ name, code, next, ...demonstration }, paintFor(process.stdout)),
  ]);
  return demonstration.holds ? 'done' : 'failed';
}

function unknownName(name: string): string {
  const near = nearest(name, NAMES);
  const advice = near.length > 0 ? `did you mean ${near.join(', ')}?` : 'npm run pitfall lists them all';
  return `expected the name of a pitfall, got ${JSON.stringify(name)}; ${advice}`;
}

function asJson(value: unknown): string {
  return JSON.stringify(value, null, 2);
}
