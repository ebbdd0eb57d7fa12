// The child of `runLines`: runs one program again and again, each time with other arguments, and tells how each would have
// ended. The program's own file is loaded anew each time, and all that it imports only once.
import { pathToFileURL } from 'node:url';
import type { Ending } from './processes.ts';

const { file, lines } = JSON.parse(process.argv[2]!) as {
  readonly file: string;
  readonly lines: ReadonlyArray<readonly string[]>;
};
const node = process.argv[0]!;
const endings: Ending[] = [];
// Each program watches its output, and none of them ever ends here.
for (const stream of [process.stdout, process.stderr]) stream.setMaxListeners(0);

/** What the program has set, or 0. */
const exitCode = (): number => Number(process.exitCode ?? 0);

for (const [index, args] of lines.entries()) {
  process.argv = [node, file, ...args];
  process.exitCode = undefined;
  const written = { stdout: '', stderr: '' };
  for (const name of ['stdout', 'stderr'] as const) {
    process[name].write = (text: string, ...rest: unknown[]) => {
      written[name] += text;
      for (const done of rest) if (typeof done === 'function') done();
      return true;
    };
  }
  try {
    await import(`${pathToFileURL(file).href}?${index}`);
  } finally {
    for (const name of ['stdout', 'stderr'] as const) Reflect.deleteProperty(process[name], 'write');
  }
  endings.push({ code: exitCode(), ...written });
}
process.exitCode = 0;
process.stdout.write(JSON.stringify(endings));
