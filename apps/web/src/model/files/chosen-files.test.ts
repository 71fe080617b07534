import { expect, test } from 'vitest';
import { withFiles } from './chosen-files.ts';

const file = (name: string, content = 'x') => new File([content], name);

test('a message takes ten files: the others are left, and the user is told', () => {
  const given = Array.from({ length: 12 }, (_, i) => file(`${i}`));
  const { files, fault } = withFiles(withFiles([], given.slice(0, 4)).files, given.slice(4));
  expect(files.map((chosen) => chosen.file.name)).toEqual(given.slice(0, 10).map(({ name }) => name));
  expect(new Set(files.map(({ key }) => key)).size).toBe(10);
  expect(fault).toBe('tooMany');
});

test('a file without content, as browsers show folders, is left out', () => {
  const { files, fault } = withFiles([], [file('a'), file('folder', '')]);
  expect(files.map((chosen) => chosen.file.name)).toEqual(['a']);
  expect(fault).toBe('empty');
});
