import { describe, expect, it, test } from 'vitest';
import { ago, dayName, dayOf, shortName, timeName } from './time-names.ts';

const at = (text: string) => new Date(text).getTime();
const now = at('2026-11-22T10:00:00');

describe('days between messages', () => {
  it('begin at local midnight, not after 24 hours', () => {
    expect(dayOf(at('2026-11-22T00:00:01')) - dayOf(at('2026-11-21T23:59:59'))).toBe(1);
    expect(dayOf(at('2026-11-22T00:00:01'))).toBe(dayOf(at('2026-11-22T23:59:59')));
  });

  it('have the names that people use, in their language', () => {
    expect(dayName(at('2026-11-22T00:10:00'), now, 'en')).toBe('Today');
    expect(dayName(at('2026-11-21T23:10:00'), now, 'en')).toBe('Yesterday');
    expect(dayName(at('2026-11-21T23:10:00'), now, 'zh-CN')).toBe('昨天');
    expect(dayName(at('2026-11-19T12:00:00'), now, 'en')).toBe('Thursday');
    expect(dayName(at('2026-11-15T12:00:00'), now, 'en-GB')).toBe('15 November 2026');
    expect(dayName(at('2026-11-15T12:00:00'), now, 'zh-CN')).toBe('2026年11月15日');
  });

  it('are short in the list', () => {
    expect(shortName(at('2026-11-22T09:05:00'), now, 'en-GB')).toBe('09:05');
    expect(shortName(at('2026-11-20T09:05:00'), now, 'en-GB')).toBe('Fri');
    expect(shortName(at('2026-01-02T09:05:00'), now, 'en-GB')).toBe('02/01/26');
    expect(timeName(at('2026-11-22T09:05:00'), 'zh-CN')).toBe('09:05');
  });
});

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
