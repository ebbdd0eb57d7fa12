import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import type { Page } from 'playwright-core';
import { reportPage } from '../../../src/report/html/page.ts';
import { sideBySidePage } from '../../../src/report/html/side-by-side.ts';
import { suitePage } from '../../../bench/suite-page.ts';
import { isMeasured, type Row } from '../../../src/measure/comparison.ts';
import { windowOf } from '../../../src/running/recorded.ts';
import { ioComparison, row } from '../samples.ts';
import type { OpenPage, TestBrowser } from './browser.ts';
import { SUITE } from '../../bench/suite-report.ts';
import { defaultRun, runOf, tenThousand, waves, wavesRow } from './runs.ts';

const HOSTILE = `"'><script>window.hacked=1</script><img src="http://127.0.0.1:9/x" onerror="window.hacked=1">\u202e`;

const twelve = { count: 12, lanes: 4, tookMs: 20 };
const small = runOf(
  ioComparison(
    [
      wavesRow('sequential', { ...twelve, lanes: 1 }),
      wavesRow('bounded-pool', {
        ...twelve,
        more: (index) => (index === 2 ? { outcome: 'failed', error: 'ECONNRESET' } : {}),
      }),
    ],
    { requests: 12 },
  ),
);

const rowsOf = (page: Page, approach: string) =>
  page.locator(`.panel.${approach}`).first().locator('.request');
const details = (page: Page) => page.locator('#details');

/** Registers the tests. The browser is there when they run. */
export function reportTests(browserOf: () => TestBrowser): void {
  const open: TestBrowser['open'] = (text, look) => browserOf().open(text, look);
  describe('the page of a run of the default size', () => {
    let opened: OpenPage;
    before(async () => {
      opened = await open(reportPage(defaultRun()));
    });
    after(() => opened[Symbol.asyncDispose]());

    test('asks for nothing, complains of nothing and fits every window, in light and in dark', () =>
      expectFit(opened));

    test('is small when it is printed', async () => {
      const { length } = await opened.page.pdf({ preferCSSPageSize: true });
      assert.ok(length > 10_000 && length < 1_500_000, String(length));
    });
  });

  const pages = { 'two runs': twoRuns, 'a suite': () => suitePage(SUITE) };
  for (const [name, make] of Object.entries(pages)) {
    test(`the page of ${name} asks for nothing, complains of nothing and fits every window, in light and in dark`, async () => {
      await using opened = await open(make());
      await expectFit(opened);
    });
  }

  describe('the page of a small run', () => {
    let opened: OpenPage;
    let page: Page;
    before(async () => {
      opened = await open(reportPage(small));
      ({ page } = opened);
    });
    after(() => opened[Symbol.asyncDispose]());

    test('is light or dark as the reader’s system asks', async () => {
      const brightness: number[] = [];
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme });
        const ground = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
        brightness.push(Number(/\d+/.exec(ground)![0]));
      }
      assert.ok(brightness[0]! > 200 && brightness[1]! < 60, String(brightness));
    });

    test('every bar begins and ends where the measurement says, on an axis that all approaches share', async () => {
      const rows = small.comparisons[0]!.rows.filter(isMeasured);
      const places = await Promise.all(rows.map((row) => barsOf(page, row)));
      // One axis: what a millisecond is in pixels follows from the first bar of the first approach.
      const { left, right } = places[0]![0]!;
      const pixelsPerMs = (right - left) / 20;
      assert.ok(pixelsPerMs > 1, String(pixelsPerMs));
      for (const [index, { spans }] of rows.entries()) {
        const { startMs } = windowOf(spans);
        for (const [number, span] of spans.entries()) {
          const bar = places[index]![number]!;
          near(bar.left, left + (span.startMs - startMs) * pixelsPerMs);
          near(bar.right, left + (span.endMs - startMs) * pixelsPerMs);
        }
      }
    });

    test('the bars for time are as long as the medians', async () => {
      const widths = await Promise.all(
        ['sequential', 'bounded-pool'].map((approach) =>
          page
            .locator(`.figure li.${approach} rect.amount`)
            .first()
            .boundingBox()
            .then((box) => box!.width),
        ),
      );
      near(widths[0]! / widths[1]!, 240 / 60, 0.02);
    });

    test('under the pointer the details of a request appear, and go with it', async () => {
      const box = (await rowsOf(page, 'bounded-pool').nth(2).locator('.bar').boundingBox())!;
      await page.mouse.move(box.x + box.width / 2, box.y + box.height / 2);
      assert.equal(
        await details(page).textContent(),
        'order 3: failed\nwaited 0 ms, in flight 20.0 ms\nfrom 0 ms to 20.0 ms\nECONNRESET',
      );
      await page.mouse.move(5, 5);
      assert.equal(await details(page).isVisible(), false);
    });
  });

  test('the keyboard reaches each picture in one stop, and each request with the arrow keys', async () => {
    await using opened = await open(reportPage(small));
    const { page } = opened;
    await page.keyboard.press('Tab');
    assert.match((await details(page).textContent())!, /^order 1: ok\nwaited 0 ms, in flight 20\.0 ms/);
    await page.keyboard.press('ArrowDown');
    await page.keyboard.press('ArrowDown');
    assert.match((await details(page).textContent())!, /^order 3: ok\nwaited 40\.0 ms, in flight 20\.0 ms/);
    await page.keyboard.press('End');
    await page.keyboard.press('ArrowRight');
    assert.match((await details(page).textContent())!, /^order 12: ok/);
    assert.equal(
      await page.evaluate('document.activeElement.getAttribute("aria-label").split(":")[0]'),
      'order 12',
    );
    await page.keyboard.press('Tab');
    assert.match((await details(page).textContent())!, /^order 1: ok/);
    assert.equal(
      await page.evaluate('document.activeElement.closest(".panel").classList.contains("bounded-pool")'),
      true,
    );
    await page.keyboard.press('Escape');
    assert.equal(await details(page).isVisible(), false);
  });

  test('the details stay inside a window of 400 px', async () => {
    await using opened = await open(reportPage(small), { viewport: { width: 400, height: 700 } });
    const { page } = opened;
    await page.keyboard.press('Tab');
    await page.keyboard.press('End');
    const box = (await details(page).boundingBox())!;
    assert.ok(box.x >= 0 && box.x + box.width <= 400, JSON.stringify(box));
  });

  test('without scripts a request still has its details, as the browser shows them', async () => {
    await using opened = await open(reportPage(small), { javaScriptEnabled: false });
    const { page, complaints } = opened;
    assert.match(
      (await rowsOf(page, 'bounded-pool').nth(2).locator('title').textContent())!,
      /^order 3: failed\n/,
    );
    assert.deepEqual(complaints, []);
  });

  test('who hears the page gets names, roles and tables', async () => {
    await using opened = await open(reportPage(small));
    const { page } = opened;
    const list = page.getByRole('list', { name: /^sequential: 12 requests in 240 ms/ });
    assert.equal(await list.getByRole('listitem').count(), 12);
    assert.equal((await page.getByRole('img', { name: 'At most 4 in flight at once' }).count()) > 0, true);
    await page.getByText('The requests of the picture as tables').click();
    const table = page.getByRole('table', { name: 'bounded-pool: 12 requests' });
    assert.equal(await table.getByRole('row').count(), 13);
    assert.equal(await table.getByRole('cell', { name: 'ECONNRESET' }).count(), 1);
  });

  test('hostile texts are shown as text and do nothing', async () => {
    const spans = waves({ ...twelve, more: () => ({ outcome: 'failed', error: HOSTILE }) });
    const rows = [
      row('bounded-pool', [60], { spans, failed: 12, succeeded: 0 }),
      { approach: 'blocking', error: HOSTILE } as const,
    ];
    const claim = {
      claim: HOSTILE,
      article: HOSTILE,
      measured: HOSTILE,
      because: HOSTILE,
      verdict: 'differs',
    } as const;
    const run = runOf(ioComparison(rows));
    const environment = { ...run.environment, cpu: HOSTILE, node: HOSTILE };
    const hostile = { ...run, environment, claims: [claim] };
    for (const text of [
      reportPage(hostile),
      sideBySidePage([
        { name: HOSTILE, run: hostile },
        { name: 'b', run: small },
      ]),
    ]) {
      await using opened = await open(text);
      const { page, requests, complaints } = opened;
      const first = rowsOf(page, 'bounded-pool').first();
      await first.scrollIntoViewIfNeeded();
      const box = (await first.boundingBox())!;
      await page.mouse.move(box.x + 5, box.y + 1);
      assert.match((await details(page).textContent())!, /window\.hacked=1/);
      assert.equal(await page.evaluate('typeof window.hacked'), 'undefined');
      assert.equal(await page.locator('img, iframe, a:not(#claims a), script:not(body > script)').count(), 0);
      assert.deepEqual({ requests, complaints }, { requests: [], complaints: [] });
    }
  });

  test('of 10,000 requests 100 are drawn for each approach, and the page says so', async () => {
    await using opened = await open(reportPage(tenThousand()));
    const { page, complaints } = opened;
    assert.equal(await rowsOf(page, 'bounded-pool').count(), 100);
    assert.equal(await rowsOf(page, 'bounded-pool').and(page.locator('.failed')).count(), 10);
    const note = page.locator('.panel.bounded-pool .note').first();
    assert.equal(
      await note.textContent(),
      '100 of 10,000 requests are drawn, evenly picked: all 10 that failed or were aborted, ' +
        '90 of the 9,990 that went well. The strips count all.',
    );
    assert.deepEqual(complaints, []);
  });

  const edges: ReadonlyArray<
    readonly [name: string, rows: Parameters<typeof ioComparison>[0], says: RegExp]
  > = [
    [
      'one request',
      [wavesRow('promise-all', { count: 1, lanes: 1, tookMs: 9 })],
      /promise-all took 9\.00.ms/,
    ],
    [
      'no success',
      [wavesRow('sequential', { ...twelve, more: () => ({ outcome: 'aborted' }) })],
      /nothing succeeded/,
    ],
    [
      'no measurement',
      [{ approach: 'blocking', error: 'out of memory' }],
      /no approach ended with a measurement/,
    ],
    ['no rows', [], /no approach ended with a measurement/],
    [
      'no spans',
      [row('blocking', [5], { spans: [], loopTrack: { startMs: 0, stepMs: 5, lateMs: [] } })],
      /took 5\.00/,
    ],
    [
      'no length',
      [row('blocking', [0], { limitMs: 0, spans: waves({ ...twelve, tookMs: 0 }) })],
      /took 0.ms/,
    ],
  ];
  for (const [name, rows, says] of edges) {
    test(`a run with ${name} has a report without complaints`, async () => {
      await using opened = await open(reportPage(runOf(ioComparison(rows, { requests: 1 }))));
      const { page, complaints } = opened;
      assert.match((await page.locator('h1').textContent())!, says);
      assert.deepEqual(complaints, []);
    });
  }

  test('a failing row says why, beside the rows that were measured', async () => {
    const rows = [
      ...small.comparisons[0]!.rows,
      { approach: 'blocking', error: 'ended with 1: out of memory' } as const,
    ];
    await using opened = await open(reportPage(runOf(ioComparison(rows))));
    const { page } = opened;
    const panel = page.locator('.panel.blocking');
    assert.match((await panel.textContent())!, /no measurement\s+ended with 1: out of memory/);
    assert.equal((await page.locator('.panel.sequential').count()) > 0, true);
  });

  test('on paper the page has what it has on screen, open tables, flat fills, and nothing for a pointer', async () => {
    await using opened = await open(reportPage(small), { colorScheme: 'dark' });
    const { page } = opened;
    await page.emulateMedia({ media: 'print', colorScheme: 'dark' });
    const table = page.getByRole('table', { name: 'bounded-pool: 12 requests' });
    assert.equal(await table.isVisible(), true);
    assert.equal(await rowsOf(page, 'sequential').first().isVisible(), true);
    assert.equal(await details(page).isVisible(), false);
    // A pattern or a gradient is printed as an image, and a page of them made a file of 25 MB.
    const fills = await page.evaluate<string[]>(`[...new Set(
      [...document.querySelectorAll('*')].flatMap((element) => {
        const style = getComputedStyle(element);
        return [style.fill, style.stroke, style.backgroundImage];
      }),
    )]`);
    assert.ok(fills.length > 5, String(fills));
    for (const fill of fills) assert.doesNotMatch(fill, /url|gradient/);
    const ground = await page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
    assert.equal(ground, 'rgb(255, 255, 255)', 'a dark screen makes no dark paper');
  });
}

async function expectFit({ page, requests, complaints }: OpenPage): Promise<void> {
  // A change of the scheme lays nothing out anew, and costs less than one of the width.
  for (const width of [390, 768, 1280, 1920]) {
    await page.setViewportSize({ width, height: 900 });
    for (const colorScheme of ['light', 'dark'] as const) {
      await page.emulateMedia({ colorScheme });
      const where = `at ${width} px, in ${colorScheme}`;
      assert.equal(await page.evaluate('document.documentElement.scrollWidth'), width, where);
      assert.deepEqual(await page.evaluate(BROKEN_NAMES), [], where);
      if (width >= 1280) assert.deepEqual(await page.evaluate(CUT_TABLES), [], where);
    }
  }
  assert.deepEqual({ requests, complaints }, { requests: [], complaints: [] });
}

/** The names that stand on two lines. */
const BROKEN_NAMES = `[...document.querySelectorAll('.word, .panel h3, th[scope=row]')]
  .filter((element) => {
    const range = document.createRange();
    range.selectNodeContents(element);
    return new Set([...range.getClientRects()].map(({ top }) => Math.round(top))).size > 1;
  })
  .map((element) => element.textContent)`;

/** The tables that are wider than the page gives them room. */
const CUT_TABLES = `[...document.querySelectorAll('.scroll')]
  .filter((element) => element.scrollWidth > element.clientWidth)
  .map((element) => element.getAttribute('aria-label'))`;

function twoRuns(): string {
  const faster = runOf(
    ioComparison([wavesRow('sequential', { ...twelve, lanes: 1, tookMs: 15 })], { requests: 12 }),
  );
  return sideBySidePage([
    { name: 'before.json', run: small },
    { name: 'after.json', run: faster },
  ]);
}

/** Where the bars of a row are in the window, in pixels, without their outline. */
async function barsOf(page: Page, { approach, spans }: Row): Promise<Array<{ left: number; right: number }>> {
  const bars = await page.evaluate<Array<{ left: number; right: number }>>(`
    [...document.querySelector('.panel.${approach}').querySelectorAll('.bar')].map((bar) => {
      const { x, width } = bar.getBBox();
      const left = bar.ownerSVGElement.getBoundingClientRect().left + x;
      return { left, right: left + width };
    })`);
  assert.equal(bars.length, spans.length);
  return bars;
}

function near(actual: number, expected: number, tolerance = 0.5): void {
  assert.ok(Math.abs(actual - expected) <= tolerance, `${actual} is not near ${expected}`);
}
