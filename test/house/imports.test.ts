import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ALLOWED, REFUSED } from './canaries.ts';

interface Diagnostic {
  category: string;
  location: { path: string };
}

const root = join(import.meta.dirname, '../..');
const biome = join(root, 'node_modules/.bin/biome');
let place: string;
let diagnostics: Diagnostic[];

/** Lints the canaries in a copy of the repository that has only the rules. */
beforeAll(() => {
  place = mkdtempSync(join(tmpdir(), 'chasqui-canaries-'));
  const { vcs, ...rules } = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8'));
  expect(vcs.useIgnoreFile).toBe(true);
  writeFileSync(join(place, 'biome.json'), JSON.stringify(rules));
  for (const plugin of ['clock-and-random', 'async-callbacks']) {
    cpSync(join(root, `test/house/${plugin}.grit`), join(place, `test/house/${plugin}.grit`));
  }
  for (const { path, code } of [...Object.values(REFUSED).flat(), ...ALLOWED]) {
    mkdirSync(dirname(join(place, path)), { recursive: true });
    writeFileSync(join(place, path), `${code}\n`, { flag: 'wx' });
  }
  const run = spawnSync(biome, ['lint', '--reporter=json', '--max-diagnostics=none', '.'], {
    cwd: place,
    encoding: 'utf8',
    maxBuffer: 64 * 1024 * 1024,
  });
  expect(run.status, run.stderr).toBe(1);
  diagnostics = JSON.parse(run.stdout).diagnostics;
});

afterAll(() => rmSync(place, { recursive: true, force: true }));

const categoriesAt = (path: string) =>
  diagnostics.filter((found) => found.location.path === path).map((found) => found.category);

describe.each(Object.entries(REFUSED))('%s refuses', (rule, canaries) => {
  test.each(canaries)('$path: $code', ({ path }) => {
    expect(categoriesAt(path)).toContain(rule);
  });
});

describe('the linter lets pass', () => {
  test.each(ALLOWED)('$path: $code', ({ path }) => {
    expect(categoriesAt(path)).toEqual([]);
  });
});
