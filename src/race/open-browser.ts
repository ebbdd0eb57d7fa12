// Opens a page in a browser: the one that BROWSER names, or that of the system.
import { spawn } from 'node:child_process';
import { once } from 'node:events';

const OPENERS: Readonly<Partial<Record<NodeJS.Platform, readonly string[]>>> = {
  darwin: ['open'],
  // `start` takes its first quoted word for a title.
  win32: ['cmd', '/c', 'start', ''],
};

/** @throws what keeps the opener from starting, for instance ENOENT */
export async function openBrowser(url: string): Promise<void> {
  const named = process.env['BROWSER'];
  const [program, ...words] = named ? [named] : (OPENERS[process.platform] ?? ['xdg-open']);
  const opener = spawn(program!, [...words, url], { stdio: 'ignore', detached: true });
  await once(opener, 'spawn');
  // It may go on for as long as the browser does.
  opener.unref();
}
