import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

interface Package {
  name: string;
  dependencies?: { [name: string]: string };
}

const root = join(import.meta.dirname, '../..');
const packages: Package[] = globSync('{apps/*,libs/*,libs/adapters/*}/package.json', { cwd: root }).map((path) =>
  JSON.parse(readFileSync(join(root, path), 'utf8')),
);
const arrows = new Map(packages.map(({ name, dependencies = {} }) => [name, Object.keys(dependencies)]));

/** The first import cycle found through a package. */
function circleThrough(start: string): string[] | null {
  const seen = new Set<string>();
  const follow = (path: string[]): string[] | null => {
    for (const next of arrows.get(path.at(-1) ?? start) ?? []) {
      if (next === start) return [...path, next];
      if (seen.has(next)) continue;
      seen.add(next);
      const circle = follow([...path, next]);
      if (circle !== null) return circle;
    }
    return null;
  };
  return follow([start]);
}

// Cycles of files, of types too, are checked by the linter: see noImportCycles in canaries.ts.
test('no package needs itself, by whatever way', () => {
  expect(packages.length).toBeGreaterThan(20);
  expect(packages.map(({ name }) => circleThrough(name)).filter((circle) => circle !== null)).toEqual([]);
});
