import { expect, test } from 'vitest';
import { TokenBucket } from './token-bucket.ts';

test('C16: lets a burst through, then as many as its rate, and says how long to wait', () => {
  const bucket = new TokenBucket(10, 3, 0);
  expect([0, 0, 0, 0].map((now) => bucket.take(now))).toEqual([0, 0, 0, 100]);
  expect(bucket.take(60)).toBe(40);
  expect(bucket.take(100)).toBe(0);
  expect(bucket.take(100)).toBe(100);
});

test('C16: is full again when it has rested long enough, and not before: only then may it be thrown away', () => {
  const bucket = new TokenBucket(10, 3, 0);
  expect(bucket.isFull(0)).toBe(true);
  bucket.take(0);
  bucket.take(0);
  expect([0, 100, 199].map((now) => bucket.isFull(now))).toEqual([false, false, false]);
  expect(bucket.isFull(200)).toBe(true);
  // Reading the wait takes no token.
  expect([0, 0].map((now) => bucket.take(now))).toEqual([0, 100]);
});

test('C16: what costs more than is there makes a debt, which is waited for, and what was too much comes back', () => {
  const bucket = new TokenBucket(10, 100, 0);
  bucket.spend(0, 150);
  expect(bucket.waitMs(0, 1)).toBe(5_100);
  bucket.spend(0, -40);
  expect(bucket.waitMs(0, 1)).toBe(1_100);
  expect(bucket.waitMs(1_000, 50)).toBe(5_000);
  expect(bucket.isExhausted(0)).toBe(false);
  bucket.spend(0, 90);
  expect(bucket.isExhausted(0)).toBe(true);
  // Tokens given back never exceed the burst.
  bucket.spend(0, -1_000);
  bucket.spend(0, 100);
  expect(bucket.waitMs(0, 1)).toBe(100);
});
