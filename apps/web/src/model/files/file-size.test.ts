import { expect, test } from 'vitest';
import { fileSize } from './file-size.ts';

test.each([
  [1, '1 byte'],
  [999, '999 bytes'],
  [1_000, '1 kB'],
  [49_600, '50 kB'],
  [1_450_000, '1.5 MB'],
  [2_000_000_000, '2 GB'],
])('%d bytes are %s', (bytes, text) => expect(fileSize(bytes, 'en')).toBe(text));

test('is in the language of the reader', () => expect(fileSize(66, 'zh-CN')).toBe('66字节'));
