import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DEFAULT_STATE } from '@chasqui/domain';
import { expect, test } from 'vitest';

const root = join(import.meta.dirname, '../..');
const textOf = (file: string) => readFileSync(join(root, file), 'utf8');

/** The names in the first column of the first table below a heading of docs/client.md. */
function namesBelow(heading: string, column: string): string[] {
  const [, below = ''] = textOf('docs/client.md').split(`\n${heading}\n`);
  const [, table = ''] = below.split(`\n| ${column} | type |`);
  const rows = table.split('\n\n')[0]?.split('\n').slice(2) ?? [];
  return rows.flatMap((row) => [...(row.split('|')[1] ?? '').matchAll(/`(\w+)`/g)].map(([, name = '']) => name));
}

test('docs/client.md names each option of createClient, and no other', () => {
  const options = textOf('libs/client/src/options.ts').matchAll(/^ {2}(\w+)\??: /gm);
  const names = [...options].map(([, name = '']) => name);
  expect(names.length).toBeGreaterThan(10);
  expect(namesBelow('### Options', 'option').toSorted()).toEqual(names.toSorted());
});

test('docs/client.md names each field of setState, and no other', () => {
  const { changedAt: _, ...fields } = DEFAULT_STATE;
  expect(namesBelow('### Conversation states', 'field').toSorted()).toEqual(Object.keys(fields).toSorted());
});
