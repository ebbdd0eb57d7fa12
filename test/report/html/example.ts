// Makes the picture of the page that README.md shows: `npm run report:picture -- RUN.json`, from a run that
// `npm start -- --save RUN.json` kept. Whoever makes it chooses a run of a quiet machine.
import { fileURLToPath } from 'node:url';
import { readJson } from '../../../src/files/json.ts';
import { runDocument } from '../../../src/report/document.ts';
import { reportPage } from '../../../src/report/html/page.ts';
import { missing, startBrowser } from './browser.ts';

const TARGET = fileURLToPath(new URL('../../../src/report/html/example.png', import.meta.url));
/** As wide as README shows it without making it smaller, and as high as the first job's picture. */
const SIZE = { width: 1200, height: 1640 };

const [file] = process.argv.slice(2);
if (file === undefined)
  throw new Error('expected the path of a saved run: npm run report:picture -- RUN.json');
if (missing) throw new Error(missing);
const page = reportPage(await readJson(file, runDocument));
await using browser = await startBrowser();
await using opened = await browser.open(page, { viewport: SIZE, colorScheme: 'light' });
await opened.page.screenshot({ path: TARGET });
console.log(`wrote ${TARGET}`);
