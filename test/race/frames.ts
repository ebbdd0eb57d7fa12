// How smoothly the page draws, and how soon: `npm run race:frames`. It is no test: a machine that is busy, or has no
// graphics, draws less often, and nothing is wrong. It prints what it measured.
import { parseArgs } from 'node:util';
import type { Page } from 'playwright-core';
import { median } from '../../src/measure/statistics.ts';
import { missing, startBrowser } from '../report/html/browser.ts';
import { startRaceServer } from './race-server.ts';

const LOADS = 5;
const { values } = parseArgs({
  options: {
    requests: { type: 'string', default: '1000' },
    latency: { type: 'string', default: '20' },
  },
});
if (missing) throw new Error(missing);

/** Notes the time between two frames, from now on. */
const NOTE_FRAMES = `window.gaps = []; {
  let last = performance.now();
  const frame = (now) => { gaps.push(now - last); last = now; requestAnimationFrame(frame); };
  requestAnimationFrame(frame);
}`;

await using server = await startRaceServer();
await using browser = await startBrowser();
console.log(await firstPaint());
for (const mode of ['turns', 'together']) {
  const query = new URLSearchParams({
    ...values,
    mode,
    turns: '1',
    concurrency: '50',
  });
  await using opened = await browser.visit(`${server.origin}/?${query.toString()}`, {
    viewport: { width: 1280, height: 900 },
  });
  console.log(await framesOf(opened.page, mode));
}

async function firstPaint(): Promise<string> {
  const paints: number[] = [];
  for (let load = 0; load < LOADS; load++) {
    await using opened = await browser.visit(server.origin);
    await opened.page.locator('#start:not([disabled])').waitFor();
    paints.push(
      await opened.page.evaluate<number>(
        'performance.getEntriesByName("first-contentful-paint")[0].startTime',
      ),
    );
  }
  return `first paint: ${median(paints).toFixed(0)} ms, the median of ${LOADS} loads (${paints.map((ms) => ms.toFixed(0)).join(', ')})`;
}

async function framesOf(page: Page, mode: string): Promise<string> {
  page.setDefaultTimeout(600_000);
  await page.locator('#start:not([disabled])').click();
  await page.locator('.lane').first().waitFor();
  await page.evaluate(NOTE_FRAMES);
  await page.locator('#outcome:not([hidden])').waitFor();
  const gaps = (await page.evaluate<number[]>('gaps')).toSorted((one, other) => one - other);
  const totalMs = gaps.reduce((sum, gap) => sum + gap, 0);
  const at = (part: number) => gaps[Math.floor((gaps.length - 1) * part)]!.toFixed(1);
  const perSecond = (gaps.length / totalMs) * 1000;
  const smooth = gaps.filter((gap) => gap < 17.5).length / gaps.length;
  return (
    `${mode}, ${values.requests} requests a lane: ${gaps.length} frames, ${perSecond.toFixed(1)} a second; ` +
    `${(100 * smooth).toFixed(1)} % within 1/60 s; gap median ${at(0.5)}, 99 % ${at(0.99)}, longest ${at(1)} ms`
  );
}
