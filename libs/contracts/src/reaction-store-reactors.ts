import type { Message, Reactor, UserId, WantedReaction } from '@chasqui/domain';
import { MAX_REACTORS_READ, type OwnReactions, type ReactionStore, type RecordedReactions } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { ANN, BOB, CAT, THREE } from './conversations-fixture.ts';

export interface Reacting {
  send(fields?: Partial<Message>): Promise<Message>;
  react(message: Message, wanted: WantedReaction[]): Promise<RecordedReactions | null>;
  wants(by: UserId, emoji: string | null, on?: boolean): WantedReaction;
  store(): ReactionStore;
}

/** What `ReactionStore` promises of who has reacted, and to what. */
export function reactorTests({ send, react, wants, store }: Reacting): void {
  async function pages(message: Message, emoji: string | undefined, limit: number): Promise<Reactor[][]> {
    const found: Reactor[][] = [];
    let after: UserId | undefined;
    for (;;) {
      const { reactors, next } = await store().reactors(message, {
        limit,
        ...(emoji === undefined ? {} : { emoji }),
        ...(after === undefined ? {} : { after }),
      });
      found.push(reactors);
      if (next === null) return found;
      after = next;
    }
  }

  test('who has reacted is paged, each once, also by one emoji; who took it back is none of them', async () => {
    const message = await send();
    const users = Array.from({ length: 7 }, (_, n) => `user${n}`);
    for (const [n, user] of users.entries()) await react(message, [wants(user, n % 2 === 0 ? 'even' : 'odd')]);
    await react(message, [wants('user0', 'odd'), wants('user1', 'odd', false)]);
    const idsOf = (found: Reactor[][]) => found.flat().map(({ userId }) => userId);
    for (const limit of [1, 2, 3, 7, 50]) {
      const all = await pages(message, undefined, limit);
      expect(idsOf(all).toSorted()).toEqual(['user0', 'user2', 'user3', 'user4', 'user5', 'user6']);
      expect(Math.max(...all.map(({ length }) => length))).toBeLessThanOrEqual(limit);
      expect(idsOf(await pages(message, 'odd', limit)).toSorted()).toEqual(['user0', 'user3', 'user5']);
    }
    const [[first] = []] = await pages(message, undefined, 1);
    expect(first).toEqual({ userId: 'user0', emojis: ['even', 'odd'], at: expect.any(Number) });
    expect(await pages(message, 'none', 9)).toEqual([[]]);
    expect(await pages({ ...message, conversationId: 'nobody~none' }, undefined, 9)).toEqual([[]]);
  });

  test('C16: a call looks at so many rows and no more; the next goes on', { timeout: 240_000 }, async () => {
    const message = await send();
    const users = Array.from({ length: MAX_REACTORS_READ + 30 }, (_, n) => `user${String(n).padStart(5, '0')}`);
    for (let start = 0; start < users.length; start += 20) {
      await react(
        message,
        users.slice(start, start + 20).map((user) => wants(user, user === users.at(-1) ? 'rare' : 'often')),
      );
    }
    const found = await pages(message, 'rare', 5);
    expect(found.map((page) => page.map(({ userId }) => userId))).toEqual([[], [users.at(-1)]]);
    expect((await pages(message, 'often', 1_000)).map(({ length }) => length)).toEqual([1_000, 1_000, 29]);
  });

  test('what a user has reacted to is paged, without what was taken back', async () => {
    const fields = { conversationId: THREE, audience: [ANN, BOB, CAT] };
    const messages = [await send(), await send(fields), await send(), await send(fields), await send()];
    for (const message of messages) await react(message, [wants(BOB, 'a'), wants(ANN, 'b')]);
    await react(messages[2] as Message, [wants(BOB, 'a', false)]);
    const expected = messages.filter((_, n) => n !== 2).map(({ messageId }) => messageId);
    for (const limit of [1, 2, 9]) {
      const own: OwnReactions[] = [];
      for (;;) {
        const after = own.at(-1);
        const page = await store().of(BOB, { limit, ...(after === undefined ? {} : { after }) });
        own.push(...page);
        if (page.length < limit) break;
      }
      expect(own.map(({ messageId }) => messageId).toSorted()).toEqual(expected.toSorted());
      for (const one of own) expect(one).toMatchObject({ emojis: ['a'], at: expect.any(Number) });
    }
    expect(await store().of('stranger', { limit: 9 })).toEqual([]);
  });
}
