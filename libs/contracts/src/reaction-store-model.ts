import type { Message, ReactionLimits, Reactor, UserId, WantedReaction } from '@chasqui/domain';
import type { ReactionStore, ReactionsToRecord, RecordedReactions } from '@chasqui/ports';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Harness, Subject } from './harness.ts';

interface Parts {
  send(): Promise<Message>;
  react(
    message: Message,
    wanted: WantedReaction[],
    more: Partial<ReactionsToRecord>,
  ): Promise<RecordedReactions | null>;
  store(): ReactionStore;
}

const USERS = ['ann', 'bob', 'cat'];
const step = fc.record({
  by: fc.constantFrom(...USERS),
  emoji: fc.constantFrom('👍', '❤️', '😮', null),
  on: fc.boolean(),
  actionId: fc.constantFrom('k1', 'k2', 'k3', 'k4', 'k5', 'k6'),
  at: fc.integer({ min: 1, max: 99 }),
});
const limited = fc.record<ReactionLimits>({
  maxReactionEmojis: fc.integer({ min: 1, max: 3 }),
  maxReactionsPerUser: fc.integer({ min: 1, max: 3 }),
});

/** Whatever is wanted, in whatever batches: counts are those of the rows, and within the limits. */
export function reactionModel(
  harness: Harness<unknown>,
  subject: Subject<unknown>,
  { send, react, store }: Parts,
): void {
  test('counts are those of the rows, within the limits, whatever is wanted in whatever batches', async () => {
    const property = fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 6 }), { maxLength: 8 }),
      limited,
      async (batches, limits) => {
        await subject.fresh();
        const message = await send();
        let revision = 0;
        for (const wanted of batches) {
          const recorded = await react(message, wanted, { limits });
          const changed = recorded?.outcomes.filter(({ result }) => result === 'changed').length ?? 0;
          expect(recorded?.reactions.revision).toBe(revision + changed);
          expect(recorded?.places).toHaveLength(changed === 0 ? 0 : message.audience.length);
          revision += changed;
        }
        const { reactors } = await store().reactors(message, { limit: 99 });
        const counts = new Map<string, number>();
        for (const { emojis } of reactors) {
          expect(emojis.length).toBeLessThanOrEqual(limits.maxReactionsPerUser);
          expect(new Set(emojis).size).toBe(emojis.length);
          for (const emoji of emojis) counts.set(emoji, (counts.get(emoji) ?? 0) + 1);
        }
        expect(counts.size).toBeLessThanOrEqual(limits.maxReactionEmojis);
        for (const userId of USERS) await expectSeen(userId, reactors, counts, message);
      },
    );
    await fc.assert(property, { numRuns: harness.propertyRuns ?? 30 });
  });

  async function expectSeen(
    userId: UserId,
    reactors: readonly Reactor[],
    counts: ReadonlyMap<string, number>,
    message: Message,
  ): Promise<void> {
    const [found] = await store().seen(userId, [message]);
    expect(new Map(found?.counts.map(({ emoji, count }) => [emoji, count]))).toEqual(counts);
    expect(found?.mine ?? []).toEqual(reactors.find((one) => one.userId === userId)?.emojis ?? []);
  }
}
