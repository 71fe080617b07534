import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, expect, test } from 'vitest';
import { MOST_ADDED, MOST_BYTES } from '../../deploy/client/bounds.ts';
import { bundle, type PackedModule } from '../../deploy/client/bundle.ts';
import { appCost } from '../../deploy/client/cost.ts';

let modules: PackedModule[];
beforeAll(async () => {
  modules = await bundle();
}, 60_000);

test('an application that uses the client library pays at most 15,000 bytes for it, minified and gzipped', async () => {
  const cost = await appCost(modules, { index: 'createClient' });
  // The whole library, not a piece that a bundler took for unused.
  expect(cost).toBeGreaterThan(10_000);
  expect(cost).toBeLessThanOrEqual(MOST_BYTES);
  // Asked for by whoever uses the library: it is not to be raised with what is added.
  expect(MOST_BYTES).toBe(15_000);
}, 60_000);

test.each(MOST_ADDED)(
  'the entry point %s costs an application that uses %s at most %i bytes more',
  async (entry, name, bytes) => {
    const base = await appCost(modules, { index: 'createClient' });
    const whole = await appCost(modules, { index: 'createClient', [entry]: name });
    expect(whole - base).toBeGreaterThan(200);
    expect(whole - base).toBeLessThanOrEqual(bytes);
  },
  60_000,
);

test.each(['README.md', 'CHANGELOG.md'])('%s of the package links to nothing that is not in the package', (file) => {
  const text = readFileSync(join(import.meta.dirname, '../../libs/client', file), 'utf8');
  const targets = [...text.matchAll(/\]\(([^)#]*)/g)].map(([, target = '']) => target);
  const packed = ['README.md', 'CHANGELOG.md', 'LICENSE', ''];
  expect(targets.filter((target) => !/^https:/.test(target) && !packed.includes(target))).toEqual([]);
});
