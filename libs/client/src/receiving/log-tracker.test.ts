import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { LogTracker } from './log-tracker.ts';

describe('C10: the inbox tracker', () => {
  test('moves on by one, waits ahead of a gap, and catches up when it closes', () => {
    const tracker = new LogTracker(10);
    expect(tracker.have(1)).toBe('next');
    expect(tracker.have(3)).toBe('ahead');
    expect([tracker.position, tracker.hasGap]).toEqual([1, true]);
    expect(tracker.have(1)).toBe('old');
    expect(tracker.have(2)).toBe('next');
    expect([tracker.position, tracker.hasGap]).toEqual([3, false]);
  });

  test('a message that was stored and never came is a gap until it comes', () => {
    const tracker = new LogTracker(10);
    expect(tracker.lack(1, 'm')).toBe('ahead');
    expect(tracker.hasGap).toBe(true);
    expect(tracker.found('m')).toBe(1);
    expect(tracker.have(1)).toBe('next');
    expect(tracker.hasGap).toBe(false);
  });

  test('in whatever order positions come, it stands before the first that is missing', () => {
    const some = fc.uniqueArray(fc.integer({ min: 1, max: 30 }));
    fc.assert(
      fc.property(some, (positions) => {
        const tracker = new LogTracker(50);
        for (const position of positions) tracker.have(position);
        const here = new Set(positions);
        let last = 0;
        while (here.has(last + 1)) last++;
        expect(tracker.position).toBe(last);
        expect(tracker.hasGap).toBe(positions.some((position) => position > last));
      }),
    );
  });

  test('C16: beyond its bound positions are forgotten, and the gap stays known until a page ends', () => {
    const tracker = new LogTracker(2);
    for (const position of [3, 4, 5]) tracker.have(position);
    tracker.have(1);
    tracker.have(2);
    expect([tracker.position, tracker.hasGap]).toEqual([4, true]);
    tracker.pageEnded(5, 'e');
    expect([tracker.position, tracker.hasGap]).toEqual([5, false]);
  });

  test('a page that ends behind what came live meanwhile moves nothing back', () => {
    const tracker = new LogTracker(10, 5, 'e');
    tracker.have(6);
    tracker.pageEnded(5, 'e');
    expect(tracker.position).toBe(6);
  });

  test('a reset forgets everything of the old log', () => {
    const tracker = new LogTracker(10, 41, 'old');
    tracker.have(43);
    tracker.lack(44, 'm');
    tracker.restart(7, 'new');
    expect([tracker.position, tracker.epoch, tracker.hasGap]).toEqual([7, 'new', false]);
  });
});
