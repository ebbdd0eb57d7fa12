// `init`: a module for the reader's own work, which runs as it is and says in comments what may be changed.
import { basename, dirname, relative, resolve, sep } from 'node:path';
import type { Result } from '../command-line.ts';
import { createWhole } from '../files/whole-file.ts';
import { typedPath } from '../files/typed-path.ts';
import { MODULE_NAME } from '../jobs/own-work.ts';
import { print } from '../output.ts';
import { oneLine } from '../printable.ts';
import { quoted } from '../report/command.ts';
import { UsageError } from '../usage-error.ts';

const CONTRACT = resolve(import.meta.dirname, '../jobs/own-work.ts');

export async function runInit(file: string): Promise<Result> {
  if (!MODULE_NAME.test(file)) {
    throw new UsageError(`${file}: expected a name that ends with .ts, .mts, .js or .mjs`);
  }
  const path = typedPath(file);
  try {
    await createWhole(dirname(path), basename(path), [starterAt(path)]);
  } catch (error) {
    throw new UsageError(`${file}: ${whyNot(error as NodeJS.ErrnoException, dirname(path))}`);
  }
  const typed = /[\\/]/.test(file) ? file : `./${file}`;
  print([`wrote ${oneLine(file)}`, `next: npm start -- compare ${oneLine(quoted(typed))}`]);
  return 'done';
}

function whyNot({ code }: NodeJS.ErrnoException, folder: string): string {
  if (code === 'EEXIST') return 'is there already, and nothing was changed; choose another name';
  if (code === 'ENOENT') return `there is no folder ${folder}`;
  return `cannot be written (${code})`;
}

/** The text for a module at `path`. In TypeScript it knows the contract; the import of a type is gone when it runs. */
function starterAt(path: string): string {
  const isTyped = /\.m?ts$/.test(path);
  const beside = relative(dirname(path), CONTRACT).split(sep).join('/');
  const contract = beside.startsWith('.') ? beside : `./${beside}`;
  const typeOf = (name: string) => (isTyped ? `: Work['${name}']` : '');
  const imports = isTyped
    ? `import type { OwnWork } from '${contract}';

// The types of an input and of a result.
type Work = OwnWork<string, number>;
`
    : '';
  return `// Your own work. "npm start -- compare ./THIS-FILE" runs it by every approach and says which to take;
// "npm start -- sweep ./THIS-FILE" says how many at once. Each process and each thread loads this file anew.
import { setTimeout as wait } from 'node:timers/promises';
${imports}
// What there is to do: an array, a generator, a stream, or a function that returns one. It may be endless: only as
// many are taken as --requests says. Or leave it out, and give --inputs FILE, one input a line.
export const inputs${typeOf('inputs')} = Array.from({ length: 100 }, (_, index) => \`input \${index + 1}\`);

// The work on one input. Put yours in the place of these lines. Hand the signal on to what takes time (fetch takes it
// too): it aborts when the time is up (--timeout). A failure is thrown, and counted.
export const task${typeOf('task')} = async (input, signal) => {
  await wait(20, undefined, { signal });
  return input.length;
};

// What all tasks of a process or a thread share, such as a connection to a database. The task gets it as its third
// argument, and it is disposed at the end. If your tasks share nothing, leave this out.
//
// export const setUp = async () => {
//   const database = await open();
//   return { database, [Symbol.asyncDispose]: () => database.close() };
// };
`;
}
