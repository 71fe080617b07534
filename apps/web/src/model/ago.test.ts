import { expect, test } from 'vitest';
import { ago } from './ago.ts';

test('says in words how long ago something was, never in the future', () => {
  const now = Date.UTC(2026, 0, 10, 12);
  const minutes = (count: number) => ago(now - count * 60_000, now, 'en');
  expect([0, 1, 59, 60, 60 * 24, 60 * 48].map(minutes)).toEqual([
    'this minute',
    '1 minute ago',
    '59 minutes ago',
    '1 hour ago',
    'yesterday',
    '2 days ago',
  ]);
  expect(ago(now + 60_000, now, 'en')).toBe('this minute');
  expect(ago(now - 3 * 60_000, now, 'zh-CN')).toBe('3分钟前');
});
