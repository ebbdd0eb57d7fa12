// `npm run awaiting`: who awaits whom in a running Node process.
import { command, main, numberIn } from '../command-line.ts';
import { UsageError } from '../usage-error.ts';
import type { AwaitingOptions } from './options.ts';

const HELP = `
Examples:
  npm run awaiting -- 4711                 a process that runs; it is paused for the look and goes on
  npm run awaiting -- --port 9229          one that was started with --inspect
  npm run awaiting -- --after 5s app.js    run a program and look after 5 s, on Ctrl-\\, or when it ends with 13
Options for us stand before the program; what follows it is the program's.

The JSON: { pid, looks: [{ thread, node, running, tree: { findings, roots, waiting, hidden }, price }] }.
A root and all below it is { kind: "function" | "promise" | "leaf" | "cycle", count, … , below }.`;

await main((bind) => {
  const program = command(
    'npm run awaiting --',
    'Show who awaits whom in a Node process that runs, or hangs.',
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
    .option('--watch <seconds>', 'look again and again, print what changed', seconds)
    .option('--after <seconds>', 'for a program: look after so long', seconds)
    .option('--keep', 'for a program: keep functions whose promise is garbage; costs time for every promise')
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
