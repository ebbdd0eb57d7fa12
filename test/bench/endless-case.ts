// A case that writes its process's id where the test can read it, and then waits for ever.
import { writeFileSync } from 'node:fs';

export function stew(): Promise<never> {
  writeFileSync(process.env['STEW_FILE']!, String(process.pid));
  setInterval(() => {}, 1000);
  return Promise.withResolvers<never>().promise;
}
