// Preloaded into every process of `npm test`: what a test starts is quicker with a warm compile cache, as trials are.
import { trialEnvironment } from '../src/measure/compile-cache.ts';

Object.assign(process.env, trialEnvironment());
