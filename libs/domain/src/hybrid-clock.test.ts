import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HybridClock } from './hybrid-clock.ts';
import { formatMessageId, isMessageId, parseMessageId, timeOf } from './message-id.ts';

describe('message ids by a hybrid logical clock', () => {
  it('C5: rise strictly, however the machine clock jumps and whatever ids are observed', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            jump: fc.integer({ min: -50_000, max: 50_000 }),
            seenAhead: fc.integer({ min: 0, max: 70_000 }),
          }),
        ),
        (steps) => {
          let now = 1_800_000_000_000;
          const clock = new HybridClock({ now: () => now, tag: 7 });
          let last = clock.next();
          for (const { jump, seenAhead } of steps) {
            now += jump;
            const seen = formatMessageId({ millis: now + seenAhead, counter: 3, tag: 9 });
            const moved = clock.observe(seen);
            expect(moved).toBe(seenAhead <= 60_000);
            const id = clock.next();
            expect(id > last).toBe(true);
            if (moved) expect(id > seen).toBe(true);
            last = id;
          }
        },
      ),
    );
  });

  it('C5: an answer sorts after the message it answers, though its node runs behind', () => {
    const ahead = new HybridClock({ now: () => 1_000_000, tag: 1 });
    const behind = new HybridClock({ now: () => 970_000, tag: 2 });
    const question = ahead.next();
    expect(behind.next(question) > question).toBe(true);
  });

  it('refuses to follow an id beyond the bound, and does not move', () => {
    const clock = new HybridClock({ now: () => 1_000_000, tag: 1, maxAheadMs: 1_000 });
    const future = formatMessageId({ millis: 1_001_001, counter: 0, tag: 2 });
    expect(() => clock.next(future)).toThrow(expect.objectContaining({ code: 'clock_unsound' }));
    expect(timeOf(clock.next())).toBe(1_000_000);
  });

  it('goes on in the next millisecond when a counter is full', () => {
    const clock = new HybridClock({ now: () => 5_000, tag: 1 });
    clock.observe(formatMessageId({ millis: 5_000, counter: 0xffff, tag: 2 }));
    expect(parseMessageId(clock.next())).toEqual({ millis: 5_001, counter: 0, tag: 1 });
  });

  it('are 24 hexadecimal digits that carry their parts', () => {
    const id = formatMessageId({ millis: 2 ** 48 - 1, counter: 65_535, tag: 2 ** 32 - 1 });
    expect(id).toBe('f'.repeat(24));
    expect(isMessageId(id)).toBe(true);
    expect(isMessageId('F'.repeat(24))).toBe(false);
  });
});
