// Which packages of a suite are not installed. The peers that a suite compares with are development packages: whoever
// installed without these can run everything else.
import { installedVersion } from '../src/files/installed-version.ts';
import type { Plan } from './suite.ts';

function isInstalled(name: string): boolean {
  try {
    installedVersion(name);
    return true;
  } catch {
    return false;
  }
}

/** @throws {Error} in one line: which packages are missing, and what to type. Nothing has been measured then. */
export function expectPackages(
  suite: string,
  { packages = [] }: Pick<Plan, 'packages'>,
  isThere: (name: string) => boolean = isInstalled,
): void {
  const missing = packages.filter((name) => !isThere(name));
  if (missing.length === 0) return;
  throw new Error(
    `suite ${suite} compares with packages that are not installed (${missing.join(', ')}); type: npm ci --include=dev`,
  );
}
