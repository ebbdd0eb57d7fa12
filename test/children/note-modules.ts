// Loaded before a program of a test: notes every module that this process or thread loads.
import { appendFileSync } from 'node:fs';
import { registerHooks } from 'node:module';

const list = process.env['MODULES_LOADED']!;

registerHooks({
  load(url, context, nextLoad) {
    appendFileSync(list, `${url}\n`);
    return nextLoad(url, context);
  },
});
