// A program with our command line, to be run as a process.
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { open } from 'node:fs/promises';
import { command, main, numberIn } from '../../src/command-line.ts';
import { UsageError } from '../../src/usage-error.ts';

await main((bind) => {
  const program = command('program', 'does as it is told').option(
    '--lanes <number>',
    'how many',
    numberIn({ min: 1, max: 64 }),
    4,
  );
  const does = (name: string, action: (signal: AbortSignal) => Promise<'done' | 'failed'>) =>
    program.addCommand(command(name, name).action(bind(action)));
  does('succeed', async () => {
    console.log(`done with ${program.opts<{ lanes: number }>().lanes} lanes`);
    return 'done';
  });
  does('fail', async () => 'failed');
  does('throw', () => Promise.reject(new Error('the kitchen\n  burnt down')));
  does('misuse', () => Promise.reject(new UsageError('no order 0; orders start at 1')));
  does('talk', async () => {
    for (let line = 0; line < 100_000; line++) {
      if (!process.stdout.write('the same dish again\n')) await once(process.stdout, 'drain');
    }
    return 'done';
  });
  does('wait', async (signal) => {
    const timer = setInterval(() => {}, 1000);
    process.stdout.write('waiting\n');
    await once(signal, 'abort');
    process.stdout.write('stopped\n');
    clearInterval(timer);
    signal.throwIfAborted();
    return 'done';
  });
  does('ignore', async (signal) => {
    setInterval(() => {}, 1000);
    process.stdout.write('waiting\n');
    await once(signal, 'abort');
    process.stdout.write('still here\n');
    return new Promise<never>(() => {});
  });
  does('open a pipe', async () => {
    execFileSync('mkfifo', ['pipe']);
    process.stdout.write('waiting\n');
    await open('pipe');
    return 'done';
  });
  return program;
});
