// Whoever installs the project without the packages that only its own tests need (`npm prune --omit=dev`) can read and
// run all of it. So every package that src and lessons import is a dependency.
import assert from 'node:assert/strict';
import { glob, readFile } from 'node:fs/promises';
import { isBuiltin } from 'node:module';
import { join } from 'node:path';
import { test } from 'node:test';

const ROOT = join(import.meta.dirname, '../..');
/** Static imports (those of types are erased, so they need no package), `import('x')` and `import.meta.resolve('x')`. */
const IMPORTED =
  /(?:^import (?!type ).*?from |^} from |^import |\bimport\(|\bimport\.meta\.resolve\()'([^'.][^']*)'/gm;

/** `@scope/name/part` belongs to the package `@scope/name`, `name/part` to `name`. */
const packageOf = (specifier: string) => /^(?:@[^/]+\/)?[^/]+/.exec(specifier)![0];

test('what src and lessons import is a dependency, not one of the packages that only tests need', async () => {
  const manifest = JSON.parse(await readFile(join(ROOT, 'package.json'), 'utf8')) as {
    dependencies: Record<string, string>;
  };
  const importedBy = new Map<string, string>();
  for await (const file of glob('{src,lessons}/**/*.ts', { cwd: ROOT })) {
    const source = await readFile(join(ROOT, file), 'utf8');
    for (const [, specifier] of source.matchAll(IMPORTED)) {
      if (!isBuiltin(specifier!)) importedBy.set(packageOf(specifier!), file);
    }
  }
  assert.ok(
    importedBy.has('msw') && importedBy.has('@electric-sql/pglite'),
    'static and dynamic imports are seen',
  );
  for (const [name, file] of importedBy) {
    assert.ok(name in manifest.dependencies, `${file} imports ${name}, which is no dependency`);
  }
});
