import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { timesIn } from '../mutations/mutation.ts';
import { MUTATIONS } from '../mutations/mutations.ts';

const root = join(import.meta.dirname, '../..');

test('there are many ways to break the core, each with a name of its own', () => {
  expect(MUTATIONS.length).toBeGreaterThanOrEqual(25);
  expect(new Set(MUTATIONS.map(({ what }) => what)).size).toBe(MUTATIONS.length);
});

test.each(MUTATIONS)(
  '$what: its text is in $file exactly once, and its tests are there',
  ({ file, text, broken, tests }) => {
    expect(timesIn(readFileSync(join(root, file), 'utf8'), text)).toBe(1);
    expect(broken).not.toBe(text);
    expect(tests.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  },
);
