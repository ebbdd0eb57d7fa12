// What `npm test` loads into each of its processes first. With the code that other processes have compiled, a file of tests
// starts in half the time. Its setup is in TypeScript, so the cache has to come before it.
import { keepCode } from '../src/code-cache.js';

keepCode();
await import('./setup.ts');
