import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HybridClock } from './hybrid-clock.ts';
import { formatMessageId, isMessageId, type MessageId, parseMessageId, timeOf } from './message-id.ts';

const idAt = (millis: number, counter = 3): MessageId => formatMessageId({ millis, counter, tag: 9 });
const HOUR_MS = 3_600_000;

describe('message ids by a hybrid logical clock', () => {
  it('C5: rise strictly, however the machine clock jumps and whatever ids are observed', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            jump: fc.integer({ min: -2 * HOUR_MS, max: 2 * HOUR_MS }),
            seenAhead: fc.integer({ min: 0, max: HOUR_MS }),
          }),
        ),
        (steps) => {
          let now = 1_800_000_000_000;
          const clock = new HybridClock({ now: () => now, tag: 7 });
          let last = clock.next();
          for (const { jump, seenAhead } of steps) {
            now += jump;
            const seen = idAt(now + seenAhead);
            clock.observe(seen);
            const id = clock.next();
            expect(id > last && id > seen).toBe(true);
            last = id;
          }
        },
      ),
    );
  });

  it('C5: passes every id of other processes, in whatever order they come and whatever their tags are', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ millis: fc.nat(4), counter: fc.nat(2), tag: fc.nat(20) })), (others) => {
        const clock = new HybridClock({ now: () => 0, tag: 10 });
        let last = '';
        for (const other of others) {
          const id = formatMessageId(other);
          clock.observe(id);
          const next = clock.next();
          expect(next.slice(0, 16) > id.slice(0, 16) && next > last).toBe(true);
          last = next;
        }
      }),
    );
  });

  it('C5: an answer sorts after the message it answers, though its node runs behind', () => {
    const ahead = new HybridClock({ now: () => 1_000_000, tag: 1 });
    const behind = new HybridClock({ now: () => 100_000, tag: 2 });
    const question = ahead.next();
    behind.observe(question);
    expect(behind.next(question) > question).toBe(true);
  });

  it('C5: with the machine’s clock set back by 20 minutes, what was issued before is no future, and ids go on', () => {
    let now = 10 * HOUR_MS;
    const clock = new HybridClock({ now: () => now, tag: 1 });
    const before = clock.next();
    now -= HOUR_MS / 3;
    const ids = Array.from({ length: 10_000 }, () => clock.next(before));
    expect(ids.toSorted()).toEqual(ids);
    expect(ids[0] ?? '' > before).toBeTruthy();
    expect(timeOf(ids.at(-1) ?? '') - timeOf(before)).toBeLessThanOrEqual(3);
    expect(clock.aheadMs()).toBeGreaterThan(HOUR_MS / 3 - 1);
    now += HOUR_MS;
    expect(timeOf(clock.next())).toBe(now);
    expect(clock.aheadMs()).toBe(0);
  });

  it('C5: a client’s word counts within a second of this machine’s clock, and moves it no further, however often', () => {
    const now = 1_000_000;
    const clock = new HybridClock({ now: () => now, tag: 1 });
    const near = idAt(now + 1_000);
    expect(clock.next(near) > near).toBe(true);
    for (const aheadMs of [1_001, 2_000, 59_900, HOUR_MS, 2 ** 47]) {
      for (let i = 0; i < 100; i++) expect(clock.next(idAt(now + aheadMs)) > near).toBe(true);
    }
    for (let i = 0; i < 100; i++) clock.next(idAt(timeOf(clock.next()) + 1_000));
    expect(clock.aheadMs()).toBe(1_000);
  });

  it('C5: what servers issued counts, however far it is ahead', () => {
    const clock = new HybridClock({ now: () => 1_000_000, tag: 1 });
    const seen = idAt(1_000_000 + 10 * HOUR_MS);
    clock.observe(seen);
    expect(clock.latest() < clock.next(seen)).toBe(true);
    expect(clock.next() > seen).toBe(true);
  });

  it('goes on in the next millisecond when a counter is full, and when one beyond that was observed', () => {
    const clock = new HybridClock({ now: () => 5_000, tag: 1 });
    clock.observe(idAt(5_000, 4_095));
    expect(parseMessageId(clock.next())).toEqual({ millis: 5_001, counter: 0, tag: 1 });
    clock.observe(idAt(5_001, 0xffff));
    expect(parseMessageId(clock.next())).toEqual({ millis: 5_002, counter: 0, tag: 1 });
  });

  it('are 24 hexadecimal digits that carry their parts', () => {
    const id = formatMessageId({ millis: 2 ** 48 - 1, counter: 65_535, tag: 2 ** 32 - 1 });
    expect(id).toBe('f'.repeat(24));
    expect(isMessageId(id)).toBe(true);
    expect(isMessageId('F'.repeat(24))).toBe(false);
  });
});
