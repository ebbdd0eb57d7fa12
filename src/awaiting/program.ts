// `npm run awaiting`: who awaits whom in a running Node process.
import { command, main, numberIn } from '../command-line.ts';
import { UsageError } from '../usage-error.ts';
import type { AwaitingOptions } from './options.ts';

const HELP = `
Examples:
  npm run awaiting -- 4711                 it pauses for the look, and goes on
  npm run awaiting -- --port 9229          its inspector stays open
  npm run awaiting -- 4711 --watch 2s      every 2 s, and only what changed
  npm run awaiting -- app.ts --fast        look on exit code 13, or on Ctrl-\\
  npm run awaiting -- --after 5s app.ts    the same, and look after 5 s
  npm run awaiting -- --keep app.ts        the same, and what would be garbage
Our options come before the program. Everything after it goes to the program.

A program that we start uses our terminal, stdin included. It goes on after a
look. If it ends by itself with a code other than 13, no tree is shown. We end
with its exit code. Ctrl-C ends both.
Under npm, Ctrl-\\ on a terminal ends npm too. Then that look is the last one,
and the program is ended.
With a PID we send SIGUSR1 to the process, which opens its inspector. Node
prints a few lines about that on the stderr of the process. After the look we
close the inspector again. While V8 takes a snapshot, the process needs several
times the memory of its heap.

The JSON is one line:
{ looks: [{ thread: { id, name, url }, node, pid, running, tree, price }] },
with --keep also kept and keepPrice, with --watch also afterMs. If we could not
look at a thread, it has trouble instead.
A tree is { findings, roots, waiting, hidden }. A root and all below it is
{ kind, count, … , below }. The kind is
function (name, at, defined, ids, lookedUp, ageMs, locals),
promise (how, handler), library (name, functions), leaf (waitsFor, leftMs) or
cycle (name).
With --keep, ageMs counts from the call. Otherwise it counts from the first look
that saw it.`;

await main((bind) => {
  const program = command(
    'npm run awaiting --',
    'Show which function awaits which, in a Node process that runs or hangs.',
  )
    .argument('[target]', 'a PID, or a program to run')
    .argument('[args...]', 'for the program')
    .option(
      '--port <number>',
      'a process whose inspector is open on this port',
      numberIn({ min: 1, max: 65_535 }),
    )
    .option('--all', 'show the functions of Node and of node_modules too')
    .option('--locals', 'show simple local variables; they may hold secrets')
    .option('--threads', 'look into worker threads too')
    .option('--watch <seconds>', 'look again every so many seconds, and print what has changed', seconds)
    .option('--after <seconds>', 'for a program: look after this time', seconds)
    .option(
      '--keep',
      'for a program: also show functions that nothing can wake any more; costs time for every promise',
    )
    .option('--yes', 'pause a process whose heap is above 256 MiB without asking')
    .option('--json', 'one JSON document')
    .passThroughOptions()
    .addHelpText('after', HELP);
  return program.action(
    bind(async (signal, target: string | undefined, args: string[]) => {
      const isProgram = target !== undefined && !/^\d+$/.test(target);
      // After a program all words are its own; after a PID they are options for us.
      const rest = isProgram ? { operands: [], unknown: [] } : program.parseOptions(args);
      const surplus = [...rest.operands, ...rest.unknown];
      if (surplus.length > 0)
        throw new UsageError(`expected nothing more after the PID, got ${surplus.join(' ')}`);
      const options = program.opts<AwaitingOptions>();
      if ((target === undefined) === (options.port === undefined)) {
        throw new UsageError('expected one of: a PID, a program, or --port; --help shows how');
      }
      if (!isProgram && (options.after !== undefined || options.keep)) {
        throw new UsageError('--after and --keep are for a program that we start, not for one that runs');
      }
      if (isProgram && options.watch !== undefined) {
        throw new UsageError('--watch is for a process that runs: give its PID, or --port');
      }
      if (isProgram) {
        const { runFile } = await import('./run-a-file.ts');
        return runFile(target, args, options, signal);
      }
      const { lookAtProcess } = await import('./command.ts');
      return lookAtProcess(target === undefined ? undefined : Number(target), options, signal);
    }),
  );
});

function seconds(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s)?$/.exec(text);
  const value = match ? Number(match[1]) * (match[2] === 'ms' ? 0.001 : 1) : NaN;
  if (value > 0 && value <= 86_400) return value;
  throw new UsageError(`expected seconds, as in 2s or 0.5, got ${JSON.stringify(text)}`);
}
