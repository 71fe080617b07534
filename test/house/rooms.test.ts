import { globSync, readFileSync } from 'node:fs';
import { dirname, join, relative, resolve } from 'node:path';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const packages = globSync('{apps/*,libs/*,libs/adapters/*}/src', { cwd: root });

/** The folder of a package that a file is in; empty for files beside the folders, which may import all of them. */
const roomOf = (path: string) => (path.includes('/') ? (path.split('/')[0] ?? '') : '');

/** The folders that each folder imports, with one file that does. Tests and their helpers are left out. */
function arrowsOf(source: string): Map<string, Map<string, string>> {
  const arrows = new Map<string, Map<string, string>>();
  for (const file of globSync('**/*.{ts,tsx}', { cwd: join(root, source) })) {
    const from = roomOf(file);
    if (from === '' || from === 'testing' || /\.test\.tsx?$/.test(file)) continue;
    for (const [, target = ''] of readFileSync(join(root, source, file), 'utf8').matchAll(/\bfrom '(\.[^']+)'/g)) {
      const to = roomOf(relative(join(root, source), resolve(root, source, dirname(file), target)));
      if (to === '' || to === '..' || to === from) continue;
      const others = arrows.get(from) ?? new Map<string, string>();
      arrows.set(from, others.set(to, file));
    }
  }
  return arrows;
}

/** Repeatedly removes folders that import no remaining folder. Those left over form a cycle. */
function circlesOf(source: string): string[] {
  const arrows = arrowsOf(source);
  for (let isShrinking = true; isShrinking; ) {
    isShrinking = false;
    for (const [room, others] of arrows) {
      for (const other of others.keys()) if (!arrows.has(other)) others.delete(other);
      if (others.size > 0) continue;
      arrows.delete(room);
      isShrinking = true;
    }
  }
  return [...arrows].flatMap(([room, others]) => [...others].map(([other, file]) => `${room} → ${other} (${file})`));
}

describe('the folders of a package import one way', () => {
  test.each(packages)('%s', (source) => {
    expect(circlesOf(source)).toEqual([]);
  });
});
