// npm run pitfall: the list; with a name: wrong, then right, both symptoms side by side. It exits with 1 if a run
// does not show what the pitfall claims, so that the claim is checked wherever it is read.
import { command, main } from '../../src/command-line.ts';
import { nearest } from '../../src/nearest.ts';
import { list, page } from './frame/page.ts';
import { demonstrate } from './frame/pitfall.ts';
import { isPitfall, load, NAMES } from './manifest.ts';
import { UsageError } from '../../src/usage-error.ts';

await main((bind) =>
  command('npm run pitfall --', 'Ways in which asynchronous code goes wrong, run before your eyes.')
    .argument('[name]', 'the pitfall to run; without a name: the list')
    .option('--json', 'one JSON document and nothing else')
    .action(
      bind(async (signal, name: string | undefined, { json }: { readonly json?: true }) => {
        const print = (value: unknown) =>
          process.stdout.write(`${json ? JSON.stringify(value, null, 2) : String(value)}\n`);
        if (name === undefined) {
          const entries = await Promise.all(
            NAMES.map(async (entry) => ({ name: entry, about: (await load(entry)).about })),
          );
          print(json ? entries.map((entry) => ({ name: entry.name, ...entry.about })) : list(entries));
          return 'done';
        }
        if (!isPitfall(name)) {
          const meant = nearest(name, NAMES);
          const hint =
            meant.length > 0 ? `did you mean ${meant.join(', ')}?` : 'npm run pitfall lists them all';
          throw new UsageError(`expected the name of a pitfall, got ${JSON.stringify(name)}; ${hint}`);
        }
        // What hangs on purpose cannot be asked to stop: the process ends, and on its way out ends its children.
        signal.addEventListener('abort', () => process.exit(130));
        const shown = await demonstrate(await load(name));
        const { about, ...run } = shown;
        print(json ? { name, ...about, ...run } : page(name, shown, NAMES[NAMES.indexOf(name) + 1]));
        return shown.holds ? 'done' : 'failed';
      }),
    ),
);
