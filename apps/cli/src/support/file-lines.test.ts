import { expect, test } from 'vitest';
import { fileLinesIn, pathBelow } from './file-lines.ts';

const id = '0'.repeat(32);
const line = (fields: object) => JSON.stringify({ type: 'file', id, owner: 'ana', ...fields });

test('the lines of files are found by their numbers, and all else is left to the server', () => {
  const text = [
    '{"type":"message","content":{"text":"\\"file\\""}}',
    line({ path: 'a.jpg' }),
    '',
    'not JSON "file"',
    '{"type":"file","id":"../../x"}',
    '{"type":"file"',
    line({ name: 'b' }),
  ].join('\n');
  expect(fileLinesIn(Buffer.from(text), 11)).toMatchObject([
    { number: 12, id, path: 'a.jpg' },
    { number: 17, id, name: 'b' },
  ]);
});

test.each(['../a', 'a/../../b', '/etc/passwd', 'C:\\x', '..\\a', 'a\0b', '\\x'])(
  'C15: %j is not below the folder',
  (path) => {
    expect(() => pathBelow({ number: 1, id, owner: 'ana', path })).toThrow('below the folder');
  },
);

test('a path is below the folder; without one it is the id', () => {
  expect(pathBelow({ number: 1, id, owner: 'ana', path: 'a/b..c' })).toEqual(['a', 'b..c']);
  expect(pathBelow({ number: 1, id, owner: 'ana' })).toEqual([id]);
});
