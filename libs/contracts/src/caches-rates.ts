import { expect, test } from 'vitest';
import { type CachesHarness, cachesSubject } from './caches-fixture.ts';

export function rateTests(harness: CachesHarness): void {
  const subject = cachesSubject(harness);
  const rates = () => subject.current.rateLimits;
  /** Refills too slowly for a test to notice. */
  const still = { perSecond: 0.01, burst: 5 };

  test('C15: a burst is granted, then no more than the refill', async () => {
    const limit = { perSecond: 5, burst: 3 };
    for (let i = 0; i < 3; i++) expect(await rates().take('ann', 1, limit)).toBe(0);
    const wait = await rates().take('ann', 1, limit);
    expect(wait).toBeGreaterThan(0);
    expect(wait).toBeLessThanOrEqual(201);
    await harness.advance(wait + 5);
    expect(await rates().take('ann', 1, limit)).toBe(0);
    expect(await rates().take('ann', 1, limit)).toBeGreaterThan(0);
  });

  test('a refused request takes nothing; a costly one waits for all that it needs', async () => {
    const limit = { perSecond: 1, burst: 5 };
    expect(await rates().take('ann', 3, limit)).toBe(0);
    const wait = await rates().take('ann', 4, limit);
    expect(wait).toBeGreaterThan(1_500);
    expect(wait).toBeLessThanOrEqual(2_001);
    expect(await rates().take('ann', 2, limit)).toBe(0);
  });

  test('each key has its own bucket', async () => {
    expect(await rates().take('ann', 5, still)).toBe(0);
    expect(await rates().take('bob', 5, still)).toBe(0);
    expect(await rates().take('ann', 1, still)).toBeGreaterThan(0);
  });

  test('of requests at the same time exactly the burst is granted', async () => {
    const answers = await Promise.all(Array.from({ length: 20 }, () => rates().take('ann', 1, still)));
    expect(answers.filter((wait) => wait === 0)).toHaveLength(5);
  });

  test('C16: a bucket fills up to its burst and no further', async () => {
    const limit = { perSecond: 5, burst: 2 };
    await rates().take('ann', 2, limit);
    await harness.advance(1_500);
    expect(await rates().take('ann', 2, limit)).toBe(0);
    expect(await rates().take('ann', 1, limit)).toBeGreaterThan(0);
  });
}
