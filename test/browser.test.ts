// All that is looked at in a real browser, in one process: a browser and its first page take two seconds of CPU.
import { after, before, describe } from 'node:test';
import { raceTests } from './race/in-browser.ts';
import { missing, startBrowser, type TestBrowser } from './report/html/browser.ts';
import { reportTests } from './report/html/in-browser.ts';

describe('in a browser', { skip: missing }, () => {
  let browser: TestBrowser;
  before(async () => {
    browser = await startBrowser();
  });
  after(() => browser[Symbol.asyncDispose]());

  describe('the report', () => reportTests(() => browser));
  describe('the race', () => raceTests(() => browser));
});
