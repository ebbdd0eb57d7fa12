// What `npm test` loads into each of its processes first. With the code that other processes have compiled, a file of tests
// starts in half the time. Its setup is in TypeScript, so the cache has to come before it.
import { isMainThread } from 'node:worker_threads';
import { keepCode } from '../src/code-cache.js';

keepCode();
// A thread has the environment of its process.
if (isMainThread) await import('./setup.ts');
