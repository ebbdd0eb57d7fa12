// `npm run race` shows the approaches in the browser while they run. It loads nothing but its options: --help must not wait.
import { command, main, numberIn } from '../command-line.ts';
import { refuseIdle } from '../commands/idle-options.ts';
import type { RaceFlags } from './command.ts';

const HELP = `
Examples:
  npm run race                     the page, on http://127.0.0.1:4800
  npm run race -- --port 0 --open  on a free port, and a browser opens it
  npm run race -- run.json         play a run that npm start -- --save run.json kept

While the page is open, any program that asks the API for /NAME/orders/7 gets a lane of that name:
curl, a program in any language, your own file. The page has lines to copy.`;

const port = numberIn({ min: 0, max: 65_535 });

await main((bind) => {
  const program = command('npm run race --', 'Watch the approaches run, live, in the browser.')
    .argument('[run]', 'a saved run to play')
    .option('--port <number>', 'the port of the page; 0 takes a free one', port, 4800)
    .option('--api-port <number>', 'the port of the API, for other clients; 0 takes a free one', port, 0)
    .option('--open', 'open the page in a browser')
    .addHelpText('after', HELP);
  return program.action(
    bind(async (signal, file: string | undefined, flags: RaceFlags) => {
      refuseIdle(program, { apiPort: file === undefined ? undefined : 'a saved run asks no API' });
      const { runRaceCommand } = await import('./command.ts');
      return runRaceCommand(signal, file, flags);
    }),
  );
});
