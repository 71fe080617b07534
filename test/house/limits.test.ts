import { existsSync, globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_LIMITS } from '@chasqui/domain';
import { describe, expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const rows = [...read('docs/limits.md').matchAll(/^\| `([\w./-]+\.ts)` \| ([^|]+) \| ([^|]+) \| ([^|]+) \|$/gm)].map(
  ([, file = '', what = '', bound = '', then = '']) => ({ file, what, bound, then }),
);
const named = rows.flatMap(({ file, bound }) =>
  [...bound.matchAll(/`(\w+)` (\d+)/g)].map(([, name = '', value]) => ({ file, name, value: Number(value) })),
);

/** A constant or a default in a source: digits, `_`, `*` and `**` alone. */
function valueIn(source: string, name: string): number | undefined {
  const found = new RegExp(`\\b${name}(?:: number)? ?[=:] ?([\\d_]+(?: \\*\\*? [\\d_]+)*)`).exec(source)?.[1];
  if (found === undefined) return undefined;
  const factors = found.replaceAll('_', '').split(' * ');
  return factors.reduce((product, factor) => {
    const [base = '', power = '1'] = factor.split(' ** ');
    return product * Number(base) ** Number(power);
  }, 1);
}

/** Long-lived state of the server; memory adapters of stores and bus are for tests alone. */
const SCOPE =
  '{apps/{connect,business,datasync,api,push,hooks,engine},libs/{core,kit},libs/adapters/{embedded,grpc,gateway,tokens}}';
const KEEPS = /^ {2}(?:readonly )?#\w+[^=\n]*= (?:new (?:Map|Set|WeakMap|BoundedMap|ChurnMap|RecentMap)\b|\[\];)/m;

describe('C16: docs/limits.md', () => {
  test('names files that are there, what they keep, its bound, and what happens then', () => {
    expect(rows.length).toBeGreaterThan(40);
    expect(rows.filter(({ file }) => !existsSync(join(root, file)))).toEqual([]);
    expect(rows.filter(({ what, bound, then }) => [what, bound, then].some((cell) => cell.trim() === ''))).toEqual([]);
  });

  test.each(named)('says of $name in $file what the code says', ({ file, name, value }) => {
    const limit = (DEFAULT_LIMITS as { [name: string]: number })[name];
    expect(value).toBe(limit ?? valueIn(read(file), name));
  });

  test('has every file whose objects keep a map, a set or a list', () => {
    const keepers = globSync(`${SCOPE}/src/**/*.ts`, { cwd: root }).filter(
      (path) => !path.endsWith('.test.ts') && KEEPS.test(read(path)),
    );
    expect(keepers.length).toBeGreaterThan(25);
    const documented = new Set(rows.map(({ file }) => file));
    expect(keepers.filter((path) => !documented.has(path))).toEqual([]);
  });
});
