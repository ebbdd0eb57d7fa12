// Makes the picture of a race that README.md shows: `npm run race:picture`. All approaches run together, and the picture
// is taken while the slow ones are under way. Whoever makes it chooses a quiet machine.
import { fileURLToPath } from 'node:url';
import { missing, startBrowser } from '../report/html/browser.ts';
import { startRaceServer } from './race-server.ts';

const TARGET = fileURLToPath(new URL('../../src/race/picture.png', import.meta.url));
/** As wide as README shows it without making it smaller. */
const SIZE = { width: 1200, height: 1000 };
/** Around the picture, in pixels. */
const AIR = 24;
const RACE = new URLSearchParams({
  mode: 'together',
  turns: '1',
  requests: '40',
  latency: '150',
  concurrency: '10',
});

if (missing) throw new Error(missing);
await using server = await startRaceServer();
await using browser = await startBrowser();
await using opened = await browser.visit(`${server.origin}/?${RACE.toString()}`, {
  viewport: SIZE,
  colorScheme: 'light',
});
const { page } = opened;
page.setDefaultTimeout(120_000);
await page.locator('#start:not([disabled])').click();
// Two thirds of the way of those that go one by one.
await page
  .locator('[data-lane="sequential"]')
  .getByText(/done (2[7-9]|3[0-4]), failed 0/)
  .waitFor();
const { x, y, width, height } = (await page.locator('.picture').boundingBox())!;
// Above it stands what goes on, which is no part of the picture.
const clip = { x: x - AIR, y, width: width + 2 * AIR, height: height + AIR };
await page.screenshot({ path: TARGET, fullPage: true, clip });
console.log(`wrote ${TARGET}`);
