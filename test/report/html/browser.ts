// A real browser for the report's tests: Debian's chromium, started once, with an empty profile and nothing that
// would look for the network. Pages are opened from a file, as a reader does.
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { chromium, type BrowserContextOptions, type CDPSession, type Page } from 'playwright-core';

const PATHS = [
  process.env['CHROMIUM'],
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];
const executablePath = PATHS.find((path) => path !== undefined && existsSync(path));

/** Why there is no browser to test with, or false. */
export const missing = executablePath
  ? false
  : 'needs chromium: apt-get install chromium, or set CHROMIUM to the path of a Chromium or Chrome';

const QUIET = [
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

export interface OpenPage extends AsyncDisposable {
  readonly page: Page;
  /** Every address that the page asked for, and everything that it complained of. */
  readonly requests: string[];
  readonly complaints: string[];
}

/** How a page is looked at. */
export type Look = Pick<
  BrowserContextOptions,
  'colorScheme' | 'reducedMotion' | 'viewport' | 'javaScriptEnabled'
>;

export interface TestBrowser extends AsyncDisposable {
  /** Opens a page that is given as text, from a file. */
  open(text: string, look?: Look): Promise<OpenPage>;
  /** Opens the page at an address. */
  visit(url: string, look?: Look): Promise<OpenPage>;
}

interface Tab {
  readonly page: Page;
  readonly devTools: CDPSession;
}

export async function startBrowser(): Promise<TestBrowser> {
  await using resources = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'workbench-browser-'));
  resources.defer(() => rm(folder, { recursive: true, force: true }));
  const browser = await chromium.launch({ executablePath: executablePath!, args: QUIET });
  resources.defer(() => browser.close());
  const owned = resources.move();
  let files = 0;
  /** Those that are not in use. A new one starts processes. */
  const idle: Tab[] = [];

  async function newTab(): Promise<Tab> {
    // Of its own window: a tab behind another one gets no frames.
    const context = await browser.newContext();
    const page = await context.newPage();
    return { page, devTools: await context.newCDPSession(page) };
  }

  async function visit(url: string, look: Look = {}): Promise<OpenPage> {
    const { javaScriptEnabled = true, viewport, colorScheme = null, reducedMotion = null } = look;
    const tab = idle.pop() ?? (await newTab());
    const { page, devTools } = tab;
    await devTools.send('Emulation.setScriptExecutionDisabled', { value: !javaScriptEnabled });
    // The pointer stands where the last test left it, and would show details of what lies there now.
    await page.mouse.move(0, 0);
    await page.setViewportSize(viewport ?? { width: 1000, height: 700 });
    await page.emulateMedia({ media: null, colorScheme, reducedMotion });
    return watched(page, url, async () => {
      if (page.isClosed()) return;
      // A page of a server would go on to ask it. If the page itself goes, the blank one needs no new process.
      await page.evaluate('location.replace("about:blank")');
      await page.waitForURL('about:blank');
      idle.push(tab);
    });
  }
  return {
    async open(text, look) {
      const path = join(folder, `${++files}.html`);
      await writeFile(path, text);
      return visit(pathToFileURL(path).href, look);
    },
    visit,
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
}

/** Goes to `url` and notes what the page does, until it is left. */
async function watched(page: Page, url: string, leave: () => Promise<void>): Promise<OpenPage> {
  const [requests, complaints]: [string[], string[]] = [[], []];
  page.on('request', (request) => {
    if (request.url() !== url) requests.push(request.url());
  });
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('dialog', (dialog) => void complaints.push(`dialog: ${dialog.message()}`));
  await page.goto(url);
  return {
    page,
    requests,
    complaints,
    async [Symbol.asyncDispose]() {
      for (const event of ['request', 'console', 'pageerror', 'dialog']) page.removeAllListeners(event);
      await leave();
    },
  };
}
