import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_LIMITS } from '@chasqui/domain';
import { SETTING_NAMES } from '@chasqui/kit';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(root, path), 'utf8');
const page = read('docs/configuration.md');
const SETTING = /\b(?:CHASQUI|OTEL)_[A-Z0-9_]+[A-Z]\b/g;
const isSetting = (name: string) => /^(?:CHASQUI|OTEL)_/.test(name);
const cells = [...page.matchAll(/^\| `(\w+)` \| ([^|]*) \| ([^|]*) \| ([^|]*) \|$/gm)].map(([, ...row]) => row);

test('docs/configuration.md has a row for every variable that the code reads, and no other', () => {
  const sources = globSync('{apps,libs}/**/src/**/*config*.ts', {
    cwd: root,
    exclude: (path) => path.endsWith('node_modules'),
  }).filter((path) => !path.endsWith('.test.ts'));
  const readByCode = new Set(sources.flatMap((path) => read(path).match(SETTING) ?? []));
  const documented = cells.map(([name = '']) => name).filter(isSetting);
  expect(documented.sort()).toEqual([...readByCode].sort());
});

test('the settings that a process knows are those of docs/configuration.md', () => {
  const documented = cells.map(([name = '']) => name).filter((name) => name.startsWith('CHASQUI_'));
  expect([...SETTING_NAMES].sort()).toEqual(documented.sort());
});

test('C16: docs/configuration.md has a row for every limit, in the same order, with its value', () => {
  const documented = cells.filter(([name = '']) => !isSetting(name));
  expect(documented.map(([name, value]) => [name, Number(value)])).toEqual(Object.entries(DEFAULT_LIMITS));
});

test('every setting and limit says its unit and what it means', () => {
  for (const [name, , unit, meaning] of cells) {
    expect(unit, name).not.toBe('');
    expect(meaning, name).toMatch(/\.$/);
  }
});
