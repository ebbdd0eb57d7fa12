import assert from 'node:assert/strict';
import { test } from 'node:test';
import { actualReadme, expectedReadme } from '../../../lessons/pitfalls/frame/write-readme.ts';

test('lessons/pitfalls/README.md is what npm run pitfall:readme would write', async () => {
  assert.equal(await actualReadme(), await expectedReadme());
});
