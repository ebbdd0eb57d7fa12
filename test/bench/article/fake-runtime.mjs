// Behaves like another runtime, as far as a suite can see: it says which one it is, and runs a program of ours. It is
// told in its first arguments what to claim to be, and what to do wrong: `bun 9.8.7 well /path/to/itself FLAGS… PROGRAM`.
import { pathToFileURL } from 'node:url';

const [name, version, manners, path, ...rest] = process.argv.slice(2);
const program = rest.at(-1);
process.stdin.on('end', () => process.exit());
/** Goes on for ever. Nothing reads its input, so not even the end of that ends it. */
const hang = () => setInterval(() => {}, 1000);

if (manners === 'hangs at once') hang();
else if (program.endsWith('probe.ts')) {
  process.stdin.once('data', () => console.log(JSON.stringify({ versions: { [name]: version }, path })));
} else if (manners === 'well') {
  await import(pathToFileURL(program).href);
} else if (manners === 'dies') {
  console.error('error: Uncaught (in promise) TypeError: fetch is no function\n    at fetch.ts:1:1');
  process.exit(1);
} else if (manners === 'prints rubbish') {
  console.log('Welcome to Deno');
} else {
  hang();
}
