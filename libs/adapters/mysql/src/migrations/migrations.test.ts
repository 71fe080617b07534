import { describe, expect, test } from 'vitest';
import { MIGRATIONS, tablesOf } from './index.ts';
import { stepsToDo } from './migrate.ts';
import { checksumOf, type Migration } from './migration.ts';

const [first] = MIGRATIONS as [Migration];
const applied = (migrations: readonly Migration[]) => new Map(migrations.map((one) => [one.version, checksumOf(one)]));

describe('steps of the database', () => {
  test('are numbered without a gap, and each table is in utf8mb4 with its binary collation', () => {
    expect(MIGRATIONS.map(({ version }) => version)).toEqual(MIGRATIONS.map((_, i) => i + 1));
    for (const sql of MIGRATIONS.flatMap(({ statements }) => statements)) {
      if (sql.startsWith('CREATE TABLE')) expect(sql).toMatch(/CHARACTER SET utf8mb4 COLLATE utf8mb4_bin$/);
    }
    expect(tablesOf(MIGRATIONS)).toContain('inbox_heads');
  });

  test('those that the database has not had are to be done, in their order', () => {
    expect(stepsToDo(new Map(), MIGRATIONS)).toEqual(MIGRATIONS);
    expect(stepsToDo(applied([first]), MIGRATIONS)).toEqual(MIGRATIONS.slice(1));
    expect(stepsToDo(applied(MIGRATIONS), MIGRATIONS)).toEqual([]);
  });

  test('a database that is newer than the program is refused', () => {
    expect(() => stepsToDo(applied(MIGRATIONS), [first])).toThrow(
      /has version \d+, but this program knows only versions up to 1/,
    );
  });

  test('a step that was another one when it was applied is refused', () => {
    const other = { ...first, statements: [...first.statements, 'SELECT 1'] };
    expect(() => stepsToDo(applied([other]), MIGRATIONS)).toThrow(/step 1 .* another build applied it/);
  });
});
