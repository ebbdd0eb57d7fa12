// Trials run with a warm compile cache. Without it every worker thread would load the type stripper, and the memory figures
// would tell of TypeScript and not of threads.
import { cacheFolder } from '../files/cache-folder.js';

/** The environment of the process of a trial, and of the API, whose start is most of a short comparison's. */
export const trialEnvironment = (): NodeJS.ProcessEnv => ({
  ...process.env,
  NODE_COMPILE_CACHE: cacheFolder(),
});
