// Without development packages a suite that needs them says so in one line before it measures.
import assert from 'node:assert/strict';
import { test } from 'node:test';
import { expectPackages } from '../../bench/missing.ts';

test('what is missing is named, with what to type', () => {
  const isThere = (name: string) => name !== 'p-map' && name !== 'fastq';
  assert.throws(() => expectPackages('pools', { packages: ['async', 'p-map', 'fastq'] }, isThere), {
    message:
      'suite pools compares with packages that are not installed (p-map, fastq); type: npm ci --include=dev',
  });
});

test('what is there is found by its name, and a suite that needs nothing needs nothing', () => {
  expectPackages('io', {});
  expectPackages('pools', { packages: ['async', '@hono/node-server'] });
  assert.throws(
    () => expectPackages('pools', { packages: ['no-such-package-here'] }),
    /no-such-package-here/,
  );
});
