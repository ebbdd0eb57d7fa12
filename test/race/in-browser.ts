// The race as its users see it, in a real browser. Nothing here is about time: a slow machine draws less often and says
// the same in the end. A test that is not about movement asks the page for none. Otherwise it would spend most of its time on
// sixty pictures a second.
import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { request } from 'undici';
import { livingChildren } from '../../src/child.ts';
import { isMeasured, type Row } from '../../src/measure/comparison.ts';
import type { RunDocument } from '../../src/report/document.ts';
import { finding } from '../../src/report/finding.ts';
import { number } from '../../src/report/units.ts';
import { headline } from '../../src/report/headline.ts';
import { replayOf } from '../../src/race/replay.ts';
import type { RaceServer } from '../../src/race/server.ts';
import { measuredWords } from '../../src/race/words.ts';
import type { Look, OpenPage, TestBrowser } from '../report/html/browser.ts';
import { defaultRun, runOf, wavesRow } from '../report/html/runs.ts';
import { ioComparison } from '../report/samples.ts';
import { until } from '../turns.ts';
import { wayTo } from './cut-off.ts';
import { startRaceServer, watch } from './race-server.ts';

/** Far more than any of these races takes on a machine that others use too, in milliseconds. */
const PATIENCE_MS = 600_000;

/** A page that does not draw its few frames in so long draws no more, in milliseconds. */
const REST_MS = 120_000;

const QUICK = 'requests=12&latency=2&concurrency=4&turns=1&approaches=sequential,bounded-pool';
const ENDLESS = 'requests=500&latency=1000&concurrency=200&turns=1&approaches=sequential,bounded-pool';

const runOfServer = async ({ origin }: RaceServer) =>
  (await (await request(`${origin}/run.json`)).body.json()) as RunDocument;

/** The table as a reader of it has it, at one moment: the cells of each lane by the names of their columns. */
async function tableOf(page: Page): Promise<Map<string, Record<string, string>>> {
  const rows = await page.evaluate<string[][]>(
    '[...document.querySelectorAll("#table tr")].map((row) => [...row.cells].map((cell) => cell.textContent))',
  );
  const [header = [], ...lanes] = rows;
  return new Map(
    lanes.map((texts) => [
      texts[0]!,
      Object.fromEntries(texts.map((text, index): [string, string] => [header[index]!, text])),
    ]),
  );
}

const laneOf = (page: Page, name: string) => page.locator(`[data-lane="${name}"]`);

/**
 * Resolves once `expression` is true in the page, looked at after each change of its document. Playwright would ask twice
 * a second, and could miss what is true only for a moment.
 */
async function sees(page: Page, expression: string): Promise<void> {
  await page.evaluate(`new Promise((resolve, reject) => {
    const holds = () => ${expression};
    if (holds()) return void resolve();
    const late = setTimeout(() => reject(new Error(${JSON.stringify(`not seen: ${expression}`)})), ${PATIENCE_MS});
    const watcher = new MutationObserver(() => {
      if (!holds()) return;
      watcher.disconnect();
      clearTimeout(late);
      resolve();
    });
    watcher.observe(document, { subtree: true, childList: true, characterData: true, attributes: true });
  })`);
}

const isOver = (page: Page) => sees(page, '!document.querySelector("#outcome").hidden');
const races = (page: Page) =>
  sees(page, 'document.querySelector("#outcome").hidden && !document.querySelector("#stop").disabled');

/** Waits until a text that is visible in a lane is as `test` says, which is an expression about `text`. */
const laneHas = (page: Page, lane: string, test: string) => {
  const elements = `[...document.querySelectorAll('[data-lane="${lane}"] *')]`;
  const isAsSaid = `((text) => ${test})(one.textContent)`;
  return sees(page, `${elements}.some((one) => ${isAsSaid} && one.checkVisibility())`);
};
/** Waits until a lane shows a text that matches. */
const laneShows = (page: Page, lane: string, text: RegExp) => laneHas(page, lane, `${text}.test(text)`);
/** Waits until a lane shows exactly this text. */
const laneSays = (page: Page, lane: string, text: string) =>
  laneHas(page, lane, `text === ${JSON.stringify(text)}`);

const rowOfTable = (lane: string) =>
  `[...document.querySelectorAll("#table tbody tr")].find(({ cells }) => cells[0].textContent === "${lane}")`;
/** Waits until a cell of the lane's row says this. The table follows twice a second. */
const tableSays = (page: Page, lane: string, text: string) =>
  sees(
    page,
    `[...(${rowOfTable(lane)}?.cells ?? [])].some((cell) => cell.textContent === ${JSON.stringify(text)})`,
  );
/** The same of the cell in one column. */
const cellSays = (page: Page, lane: string, column: string, text: string) => {
  const heads = '[...document.querySelectorAll("#table thead th")]';
  const index = `${heads}.findIndex((head) => head.textContent === "${column}")`;
  return sees(page, `${rowOfTable(lane)}?.cells[${index}].textContent === ${JSON.stringify(text)}`);
};

/** While the page draws `count` frames: how many of them in a row asked for the next. @throws on a page that rests */
const longestChain = (page: Page, count: number) =>
  page.evaluate<number>(`new Promise((resolve, reject) => {
    const ask = window.requestAnimationFrame;
    const limit = setTimeout(() => reject(new Error('the page rests: ' + left + ' of ${count} frames were never drawn')), ${REST_MS});
    let left = ${count};
    let longest = 0;
    let depth = 0;
    window.requestAnimationFrame = (draw) => {
      const own = depth + 1;
      return ask((time) => {
        depth = own;
        draw(time);
        depth = 0;
        longest = Math.max(longest, own);
        left--;
        // One that was asked for here may be drawn later.
        if (left !== 0) return;
        window.requestAnimationFrame = ask;
        clearTimeout(limit);
        resolve(longest);
      });
    };
  })`);

/** How many frames the page asks for while the screen shows ten. */
const framesOfTen = (page: Page) =>
  page.evaluate<number>(`new Promise((resolve) => {
    const ask = window.requestAnimationFrame;
    let asked = 0;
    let shown = 0;
    window.requestAnimationFrame = (draw) => {
      asked++;
      return ask(draw);
    };
    const show = () => {
      shown++;
      if (shown <= 10) return void ask(show);
      window.requestAnimationFrame = ask;
      resolve(asked);
    };
    ask(show);
  })`);

/** Fails if the page goes on to draw, though nothing moves. What came last may still be on its way into the table. */
async function expectRest(page: Page): Promise<void> {
  let asked = Infinity;
  for (let looks = 0; looks < 50 && asked > 0; looks++) asked = await framesOfTen(page);
  assert.equal(asked, 0, 'frames of ten, again and again');
}

/** What is drawn costs by its size. */
const SMALL = { width: 1000, height: 700 };
const STILL = { reducedMotion: 'reduce' } as const;

/** Registers the tests. The browser is there when they run. */
export function raceTests(browserOf: () => TestBrowser): void {
  /** For all races, one after another: a page of a server that the browser has not met starts a process. */
  let server: RaceServer;
  before(async () => {
    // A race that a test has left ends before the next one begins.
    server = await startRaceServer({ graceMs: 1 });
  });
  after(() => server[Symbol.asyncDispose]());

  async function open(query: string, look?: Look, { origin }: { readonly origin: string } = server) {
    const opened = await browserOf().visit(`${origin}/?${query}`, { viewport: SMALL, ...look });
    opened.page.setDefaultTimeout(PATIENCE_MS);
    return opened;
  }
  const pressStart = (page: Page) => page.getByRole('button', { name: 'Start' }).click();
  /** Starts a race. From then on the page says nothing of the one before. */
  async function start(page: Page): Promise<void> {
    await Promise.all([races(page), pressStart(page)]);
  }

  /** Every number on the page is the one that was measured, and the lanes stand in the order of finish. */
  async function expectMeasured(page: Page, requests: number): Promise<void> {
    const { comparisons } = await runOfServer(server);
    const rows = comparisons[0]!.rows as Row[];
    assert.equal(await page.locator('#finding').textContent(), headline(comparisons[0]!));
    const places = rows.toSorted((one, other) => one.timeMs.median - other.timeMs.median);
    for (const row of rows) {
      assert.ok(isMeasured(row));
      // How near the pool comes to its four depends on how fast the answers come.
      const most = row.approach === 'sequential' ? 1 : 4;
      assert.ok(row.peakInFlight >= 1 && row.peakInFlight <= most, `${row.approach}: ${row.peakInFlight}`);
      const words = measuredWords(row);
      const place = ['1st', '2nd'][places.indexOf(row)]!;
      await tableSays(page, row.approach, place);
      assert.deepEqual((await tableOf(page)).get(row.approach), {
        lane: row.approach,
        state: 'done',
        place,
        'in flight': '0',
        done: String(requests),
        failed: '0',
        'at once': number(row.peakInFlight),
        time: words.time,
        'speed-up': words.speedup,
        'of ideal': words.ofLimit,
        'loop late': words.lag,
        memory: words.memory,
      });
      for (const text of [words.median, `in flight 0, done ${requests}, failed 0`, place]) {
        await laneSays(page, row.approach, text);
      }
    }
    assert.deepEqual(
      await page
        .locator('[data-lane]')
        .evaluateAll((lanes) => lanes.map((lane) => lane.getAttribute('data-lane'))),
      places.map(({ approach }) => approach),
    );
    const command = await page.locator('#command').textContent();
    assert.ok(command!.startsWith(`npm start -- compare fetch-order --requests ${requests} `), command!);
  }

  describe('a race of two turns, started by Enter in a field', () => {
    let opened: OpenPage;
    before(async () => {
      opened = await open(`${QUICK.replace('turns=1', 'turns=2')}&mode=turns`, STILL);
      const { page } = opened;
      await page.locator('#start:not([disabled])').waitFor();
      await page.evaluate(
        `window.said = []; new MutationObserver(() => said.push(live.textContent)).observe(live, { childList: true, characterData: true, subtree: true })`,
      );
      await page.locator('#requests').focus();
      await Promise.all([races(page), page.keyboard.press('Enter')]);
      await isOver(page);
    });
    after(() => opened[Symbol.asyncDispose]());

    test('shows in the end every number as it was measured, and asks nobody but its server', async () => {
      await expectMeasured(opened.page, 12);
      assert.deepEqual(opened.complaints, []);
      assert.ok(
        opened.requests.every((url) => url.startsWith(server.origin)),
        opened.requests.join(),
      );
    });

    test('gives the sentence that npm start would print', async () => {
      const { comparisons } = await runOfServer(server);
      assert.equal(await opened.page.locator('#finding').textContent(), finding(comparisons[0]!));
    });

    test('has drawn bars: ink in the colour of the lane', async () => {
      await tableSays(opened.page, 'sequential', '12');
      // How many pixels of a canvas have ink.
      const ink = await laneOf(opened.page, 'sequential')
        .locator('canvas')
        .evaluate((canvas) => {
          const { width, height } = canvas as unknown as { width: number; height: number };
          const context = (
            canvas as unknown as { getContext(kind: string): { getImageData: Function } }
          ).getContext('2d');
          const { data } = context.getImageData(0, 0, width, height) as { data: Uint8Array };
          let count = 0;
          for (let place = 3; place < data.length; place += 4) if (data[place]! > 0) count++;
          return count;
        });
      assert.ok(ink > 500, String(ink));
    });

    test('is told to whoever hears the page: a finish is said, and the table mirrors the lanes', async () => {
      const { page } = opened;
      await tableSays(page, 'bounded-pool', '12');
      const said = await page.evaluate<string[]>('said');
      const { comparisons } = await runOfServer(server);
      for (const name of ['sequential', 'bounded-pool']) {
        assert.ok(
          said.some((line) => line.startsWith(`${name}: finished after`)),
          said.join('\n'),
        );
      }
      assert.equal(said.at(-1), headline(comparisons[0]!));
      assert.equal(await page.getByRole('table', { name: 'The lanes' }).getByRole('row').count(), 3);
      assert.equal(await page.locator('canvas:not([aria-hidden])').count(), 0);
    });

    for (const [colorScheme, other] of [
      ['light', 'dark'],
      ['dark', 'light'],
    ] as const) {
      test(`fits into 360 px in ${colorScheme}, and a change of the scheme is drawn`, async () => {
        const { page, complaints } = opened;
        await page.setViewportSize({ width: 360, height: 740 });
        await page.emulateMedia({ ...STILL, colorScheme });
        await page.reload();
        await isOver(page);
        await tableSays(page, 'bounded-pool', '12');
        assert.equal(await page.evaluate('document.documentElement.scrollWidth'), 360);
        await page.emulateMedia({ colorScheme: other });
        await page.evaluate(
          'new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve)))',
        );
        assert.deepEqual(complaints, []);
      });
    }
  });

  test('all together, seen by two tabs: neither can start another, one is reloaded, both show what was measured, and then they rest', async () => {
    const query = `${QUICK.replace('requests=12&latency=2', 'requests=20&latency=50')}&mode=together`;
    await using first = await open(query);
    await using second = await open(QUICK, STILL);
    await Promise.all([races(second.page), start(first.page)]);
    for (const { page } of [first, second]) {
      assert.equal(await page.locator('#start').isDisabled(), true);
    }
    await laneShows(first.page, 'sequential', /^in flight/);
    await first.page.reload();
    await laneOf(first.page, 'sequential').waitFor();
    for (const { page, complaints } of [first, second]) {
      await isOver(page);
      await expectMeasured(page, 20);
      assert.deepEqual(complaints, []);
    }
    assert.deepEqual(await tableOf(first.page), await tableOf(second.page));
    // Where nothing moves any more no frame is drawn, whether movement is wanted or not.
    for (const { page } of [first, second]) await expectRest(page);
  });

  test('of 1,000 requests each one is counted and has its bar', async () => {
    const query = 'requests=1000&latency=2&turns=1&approaches=promise-all';
    await using opened = await open(query, STILL);
    const { page, complaints } = opened;
    await start(page);
    await isOver(page);
    const { comparisons } = await runOfServer(server);
    for (const measured of comparisons[0]!.rows as Row[]) {
      const name = measured.approach;
      await tableSays(page, name, '1,000');
      const row = (await tableOf(page)).get(name)!;
      const atOnce = number(measured.peakInFlight);
      assert.deepEqual([row['done'], row['failed'], row['at once']], ['1,000', '0', atOnce]);
      await laneSays(page, name, 'in flight 0, done 1000, failed 0');
      assert.equal(await laneOf(page, name).locator('.note').textContent(), '');
    }
    assert.deepEqual(complaints, []);
  });

  test('where the API sees more than the approach counts, the page says both', async () => {
    const query = `${QUICK.replace('latency=2', 'latency=20')}&stoves=2,0`.replace('sequential', 'adaptive');
    await using opened = await open(query, STILL);
    const { page } = opened;
    await start(page);
    await isOver(page);
    const { comparisons } = await runOfServer(server);
    // A pool of four before two stoves and no queue is refused; so is whoever looks for the limit, and tries again.
    const rowOf = (name: string) =>
      (comparisons[0]!.rows as Row[]).find(({ approach }) => approach === name)!;
    const [adaptive, pool] = [rowOf('adaptive'), rowOf('bounded-pool')];
    assert.deepEqual([adaptive.succeeded, adaptive.failed], [12, 0]);
    assert.ok(pool.failed > 0);
    await laneShows(
      page,
      'adaptive',
      /in the turn with the most failures: 12 succeeded, 0 failed\. The bars are what the API saw/,
    );
    await laneSays(page, 'bounded-pool', `in flight 0, done ${pool.succeeded}, failed ${pool.failed}`);
    await cellSays(page, 'adaptive', 'failed', '0');
  });

  test('a lost connection is shown, and what was missed comes when it is back', async () => {
    await using way = await wayTo(server.origin);
    await using opened = await open(QUICK.replace('latency=2', 'latency=50'), STILL, way);
    const { page } = opened;
    // The race goes on without the page, to its end, since somebody else looks on.
    await using other = await watch(server);
    const { length } = other.changes;
    await start(page);
    await laneShows(page, 'sequential', /^in flight/);
    way.cut();
    await page.getByText('The connection to the server is lost. Trying again.').waitFor();
    assert.equal(await page.locator('#stop').isDisabled(), true);
    await other.until(() => other.changes.findLastIndex(({ race }) => race?.phase === 'over') >= length);
    assert.equal(await page.locator('#outcome').isVisible(), false);
    way.mend();
    await isOver(page);
    assert.equal(await page.locator('#connection').textContent(), '');
    await tableSays(page, 'bounded-pool', '12');
    await cellSays(page, 'sequential', 'done', '12');
  });

  describe('a server at which nobody races', () => {
    test('by keyboard every field and button is reached, and each has a name', async () => {
      await using opened = await open(QUICK);
      const { page } = opened;
      await page.locator('#start:not([disabled])').waitFor();
      const nameless = await page.evaluate(
        `[...document.querySelectorAll('input, select, button')].filter((one) => !one.labels?.length && !one.getAttribute('aria-label') && !one.textContent.trim()).map((one) => one.id)`,
      );
      assert.deepEqual(nameless, [], 'whoever hears the page needs a name for every field');
      const reached: string[] = [];
      for (let presses = 0; presses < 40 && !reached.includes('share'); presses++) {
        await page.keyboard.press('Tab');
        reached.push(await page.evaluate<string>('document.activeElement.id || document.activeElement.name'));
      }
      for (const id of [
        'job',
        'mode',
        'requests',
        'requests-slider',
        'faults',
        'seed',
        'approaches',
        'start',
        'share',
      ]) {
        assert.ok(reached.includes(id), `${id} is not among ${reached.join()}`);
      }
    });

    test('any client joins: its lane appears with its name', async () => {
      await using opened = await open(QUICK);
      const { page } = opened;
      await page.getByText(`${server.apiOrigin}/NAME/orders/7`).waitFor();
      await page.locator('#start:not([disabled])').waitFor();
      for (const id of [1, 2, 3])
        await (await request(`${server.apiOrigin}/my-own_file.1/orders/${id}`)).body.dump();
      await tableSays(page, 'my-own_file.1', '3');
      await laneSays(page, 'my-own_file.1', 'in flight 0, done 3, failed 0');
    });

    test('a race that is too long is refused in words, and nothing starts', async () => {
      await using opened = await open('requests=2000&latency=1000');
      const { page } = opened;
      await pressStart(page);
      await page.getByText(/race: expected a race of at most 10 min 0 s, got/).waitFor();
      assert.equal(livingChildren().size, 1);
    });

    test('a link carries all settings, and the page of it has them', async () => {
      await using opened = await open('');
      const { page } = opened;
      await page.locator('#requests').fill('77');
      await page.locator('#job').selectOption('price-order');
      await page.locator('#cost-slider').fill('3');
      await page.getByRole('checkbox', { name: 'blocking' }).uncheck();
      assert.equal(await page.locator('#cost').inputValue(), '3');
      const link = new URL((await page.locator('#share').getAttribute('href'))!, server.origin);
      assert.equal(page.url(), link.href);
      await using other = await browserOf().visit(link.href);
      const fields = other.page;
      assert.equal(await fields.locator('#requests').inputValue(), '77');
      assert.equal(await fields.locator('#requests-slider').inputValue(), '77');
      assert.equal(await fields.locator('#job').inputValue(), 'price-order');
      assert.equal(await fields.locator('#cost-slider').inputValue(), '3');
      assert.equal(await fields.getByRole('checkbox', { name: 'blocking' }).isChecked(), false);
      assert.equal(await fields.getByRole('checkbox', { name: 'sequential' }).isChecked(), true);
      // What does not concern work that computes is not there.
      assert.equal(await fields.locator('#latency').isVisible(), false);
      assert.equal(await fields.locator('#cost').isVisible(), true);
    });

    test('a link that asks for nonsense opens the page all the same, and is refused at the start', async () => {
      const hostile = `requests=1e9&job=%3Cscript%3E&constructor=1&approaches=${encodeURIComponent('"><img src=x>')}`;
      await using opened = await open(hostile);
      const { page, complaints } = opened;
      await pressStart(page);
      await page.locator('#complaint, #requests:invalid').first().waitFor();
      assert.equal(await page.locator('img').count(), 0);
      assert.equal(livingChildren().size, 1);
      assert.deepEqual(complaints, []);
    });

    test('without JavaScript it says what it needs, and what does the same without', async () => {
      await using opened = await open('', { javaScriptEnabled: false });
      const { page } = opened;
      const says = await page.locator('noscript').innerText();
      assert.match(says, /This page draws with JavaScript/);
      assert.match(says, /npm start makes the same comparison without a page/);
      assert.equal(await page.locator('#start').isVisible(), false);
      assert.equal(await page.getByText(`${server.apiOrigin}/NAME/orders/7`).isVisible(), true);
    });
  });

  test('a saved run is played: at its beginning nothing is done, at its end all that was measured', async () => {
    const run = defaultRun();
    const before = livingChildren().size;
    await using played = await startRaceServer({ replay: replayOf('run.json', run) });
    await using opened = await open('', {}, played);
    const { page, complaints, requests } = opened;
    await page.locator('#play:not([disabled])').waitFor();
    const rows = run.comparisons[0]!.rows as Row[];
    for (const row of rows) await tableSays(page, row.approach, measuredWords(row).time);
    assert.equal(await page.locator('#finding').textContent(), headline(run.comparisons[0]!));
    await page.locator('#scrub').fill('0');
    for (const row of rows) await laneShows(page, row.approach, /, done 0, failed 0$/);
    // In the middle of the axis promise-all has long ended, and the slow ones are at half of their requests.
    await page.locator('#scrub').fill('500');
    await laneSays(page, 'promise-all', 'in flight 0, done 100, failed 0');
    const half = (1000 * 1.07 * 2) / 2 / 20;
    await laneSays(page, 'sequential', `in flight 1, done ${Math.floor(half)}, failed 0`);
    await expectRest(page);
    // From the start, so that the end is far away even if the browser draws slowly.
    await page.locator('#scrub').fill('0');
    await page.locator('#speed').selectOption('0.1');
    await page.getByRole('button', { name: 'Play' }).click();
    assert.ok((await longestChain(page, 20)) > 5);
    await page.emulateMedia({ reducedMotion: 'reduce' });
    // A step of the player, and the picture of it.
    assert.ok((await longestChain(page, 8)) <= 2);
    await page.getByRole('button', { name: 'Pause' }).click();
    await expectRest(page);
    await page.emulateMedia({ reducedMotion: 'no-preference' });
    await page.locator('#speed').selectOption('16');
    await page.getByRole('button', { name: 'Play' }).click();
    for (const row of rows) await tableSays(page, row.approach, measuredWords(row).time);
    await page.locator('#comparison').selectOption('price-order');
    assert.equal(await page.locator('#finding').textContent(), headline(run.comparisons[1]!));
    assert.deepEqual(complaints, []);
    assert.ok(requests.every((url) => url.startsWith(played.origin)));
    assert.equal(livingChildren().size, before, 'nothing is raced, so there is no API');
  });

  test('of a saved run with a failing row the page says why', async () => {
    const rows = [
      wavesRow('sequential', { count: 4, lanes: 1, tookMs: 20 }),
      { approach: 'blocking', error: '<img src=x> ended with 1' } as const,
    ];
    await using played = await startRaceServer({ replay: replayOf('run.json', runOf(ioComparison(rows))) });
    await using opened = await open('', {}, played);
    const { page, complaints } = opened;
    await laneSays(page, 'blocking', '<img src=x> ended with 1');
    await laneSays(page, 'blocking', 'no measurement');
    assert.equal(await page.locator('img').count(), 0);
    assert.deepEqual(complaints, []);
  });

  describe('a race in the middle', () => {
    test('is stopped: no process of it is left, and the page says so', async () => {
      await using opened = await open(ENDLESS, STILL);
      const { page } = opened;
      await start(page);
      await laneSays(page, 'sequential', 'warms up');
      await until(() => livingChildren().size > 1);
      await page.getByRole('button', { name: 'Stop' }).click();
      await page.locator('#says', { hasText: 'Stopped' }).waitFor();
      assert.equal(livingChildren().size, 1, 'the API alone');
      // It can be started anew.
      await page.locator('#again:not([disabled])').waitFor();
      assert.equal(await page.locator('#stop').isDisabled(), true);
    });

    test('draws each frame, and for whoever wants no movement only now and then', async () => {
      await using opened = await open(ENDLESS.replace('latency=1000', 'latency=100'));
      const { page } = opened;
      await expectRest(page);
      await start(page);
      await laneShows(page, 'sequential', /^in flight/);
      assert.ok((await longestChain(page, 20)) > 5);
      await page.emulateMedia({ reducedMotion: 'reduce' });
      // The first of these may have been asked for before.
      assert.ok((await longestChain(page, 4)) <= 2);
    });

    test('is left by its last page: no process of it is left', async () => {
      await using opened = await open(ENDLESS);
      await start(opened.page);
      await until(() => livingChildren().size > 1);
      await opened.page.close();
      await until(() => livingChildren().size === 1);
    });
  });
}
