import type { UnreadCounts, UnreadState } from '@chasqui/ports';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type CachesHarness, cachesSubject } from './caches-fixture.ts';

const userId = 'bob';
const A = 'ann~bob';
const B = 'bob~cat';

function state(conversationId: string, count: number, total: number, position: number): UnreadState {
  return { userId, conversationId, count, total, position };
}

function counts(byConversation: Record<string, number>, position: number): UnreadCounts {
  const total = Object.values(byConversation).reduce((sum, count) => sum + count, 0);
  return { userId, total, byConversation, position };
}

export function unreadTests(harness: CachesHarness): void {
  const subject = cachesSubject(harness);
  const cache = () => subject.current.unreadCache;

  test('what is filled is given; a user who is not cached is null, and setting does not change that', async () => {
    expect(await cache().get(userId)).toBeNull();
    await cache().set([state(A, 1, 1, 1)]);
    expect(await cache().get(userId)).toBeNull();
    await cache().fill(counts({ [A]: 2, [B]: 1 }, 3));
    expect(await cache().get(userId)).toEqual(counts({ [A]: 2, [B]: 1 }, 3));
    expect(await cache().get('ann')).toBeNull();
    await cache().fill({ userId: 'ann', total: 0, byConversation: {}, position: 0 });
    expect(await cache().get('ann')).toEqual({ userId: 'ann', total: 0, byConversation: {}, position: 0 });
  });

  test('C8: values are absolute; a repeated or older one changes nothing', async () => {
    await cache().fill(counts({ [A]: 1 }, 1));
    await cache().set([state(A, 3, 3, 3), state(A, 2, 2, 2), state(A, 3, 3, 3)]);
    expect(await cache().get(userId)).toEqual(counts({ [A]: 3 }, 3));
    await cache().set([state(A, 9, 9, 3), state(A, 9, 9, 1)]);
    expect(await cache().get(userId)).toEqual(counts({ [A]: 3 }, 3));
    await cache().set([state(A, 0, 0, 4)]);
    expect(await cache().get(userId)).toEqual(counts({}, 4));
  });

  test('C8: a value of one conversation that comes after a newer one of another still counts for its own', async () => {
    await cache().fill(counts({ [A]: 1 }, 1));
    await cache().set([state(B, 1, 3, 3)]);
    await cache().set([state(A, 2, 2, 2)]);
    expect(await cache().get(userId)).toEqual(counts({ [A]: 2, [B]: 1 }, 3));
  });

  test('C8: a truth that was read before a newer value was set is not taken', async () => {
    await cache().set([state(A, 2, 2, 2)]);
    await cache().fill(counts({ [A]: 1 }, 1));
    expect(await cache().get(userId)).toBeNull();
    await cache().fill(counts({ [A]: 2 }, 2));
    expect(await cache().get(userId)).toEqual(counts({ [A]: 2 }, 2));
    await cache().set([state(A, 3, 3, 3)]);
    await cache().fill(counts({ [A]: 2 }, 2));
    expect(await cache().get(userId)).toEqual(counts({ [A]: 3 }, 3));
  });

  test('C8: a dropped user is read anew', async () => {
    await cache().fill(counts({ [A]: 7 }, 5));
    await cache().drop(userId);
    await cache().drop('nobody');
    expect(await cache().get(userId)).toBeNull();
    await cache().fill(counts({ [A]: 2 }, 5));
    expect(await cache().get(userId)).toEqual(counts({ [A]: 2 }, 5));
  });

  test('C8: in whatever order, and however often, the values of a run arrive, its end stands', async () => {
    const change = fc.record({ conversation: fc.constantFrom(A, B, 'bob~dan'), count: fc.nat({ max: 3 }) });
    const run = fc.array(change, { minLength: 1, maxLength: 8 });
    await fc.assert(
      fc.asyncProperty(
        run,
        fc.array(fc.nat(), { minLength: 16, maxLength: 16 }),
        fc.nat({ max: 8 }),
        async (changes, order, filled) => {
          await subject.fresh();
          const truth: Record<string, number> = {};
          const truths = [counts({}, 0)];
          const states = changes.map(({ conversation, count }, i) => {
            truth[conversation] = count;
            const after = counts(Object.fromEntries(Object.entries(truth).filter(([, value]) => value > 0)), i + 1);
            truths.push(after);
            return state(conversation, count, after.total, i + 1);
          });
          await cache().fill(truths[Math.min(filled, truths.length - 1)] as UnreadCounts);
          const twice = [...states, ...states].map((one, i) => ({ one, rank: order[i] ?? 0 }));
          for (const { one } of twice.toSorted((a, b) => a.rank - b.rank)) await cache().set([one]);
          expect(await cache().get(userId)).toEqual(truths.at(-1));
        },
      ),
      { numRuns: harness.propertyRuns ?? 30 },
    );
  });
}
