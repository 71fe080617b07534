import {
  type LogEntry,
  MAX_REACTION_IDS,
  MAX_REVISION,
  type Message,
  type ReactionLimits,
  type WantedReaction,
} from '@chasqui/domain';
import type { MessageKey, ReactionStore, ReactionsToRecord } from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
import { ANN, ANN_BOB, BOB, CAT, type Conversations, THREE } from './conversations-fixture.ts';
import { type Harness, subjectOf } from './harness.ts';
import { reactionModel } from './reaction-store-model.ts';
import { reactorTests } from './reaction-store-reactors.ts';
import { createSamples, toRecord } from './samples.ts';

/** Reactions, and the stores that share their transactions. */
export type Reactions = Conversations & { reactions: ReactionStore };

export const SOME: ReactionLimits = { maxReactionEmojis: 4, maxReactionsPerUser: 2 };
const [UP, HEART, WOW] = ['👍', '❤️', '😮'];

/** Everything that `ReactionStore` promises. */
export function reactionStoreContract(name: string, harness: Harness<Reactions>): void {
  describe(`ReactionStore: ${name}`, { timeout: 60_000 }, () => {
    const subject = subjectOf(harness, ({ conversations, logs, reactions }) => [conversations, logs, reactions]);
    const samples = createSamples(harness.clock);
    const store = () => subject.current.reactions;
    let asked = 0;

    async function send(fields: Partial<Message> = {}): Promise<Message> {
      const message = toRecord(samples.message({ from: ANN, to: BOB, ...fields }));
      await subject.current.conversations.record([message]);
      return message;
    }
    const wants = (by: string, emoji: string | null, on = true, actionId = `key-${++asked}`): WantedReaction => ({
      ...{ by, emoji, on, actionId, at: 1_000 + asked },
    });
    const react = (message: Message, wanted: WantedReaction[], more: Partial<ReactionsToRecord> = {}) => {
      const { conversationId, messageId, audience } = message;
      return store().react({
        ...{ conversationId, messageId, audience, messageRevision: 0, wanted, limits: SOME },
        ...more,
      });
    };
    const outcomes = async (...given: Parameters<typeof react>) =>
      (await react(...given))?.outcomes.map(({ result }) => result);
    const seen = async (userId: string, key: MessageKey) => (await store().seen(userId, [key]))[0];
    const updates = async (log: string): Promise<LogEntry[]> =>
      (await subject.current.logs.page(log, 0, 100)).entries.filter(({ type }) => type !== 'message');

    test('C10: a reaction is an update of each log of the message, which says nothing of it, and is seen with its count', async () => {
      const message = await send();
      const { conversationId, messageId } = message;
      const [by, other] = [wants(BOB, UP), wants(ANN, UP)];
      expect(await react(message, [by])).toEqual({
        outcomes: [{ result: 'changed', emojis: [UP] }],
        reactions: { revision: 1, at: by.at, counts: [{ emoji: UP, count: 1 }] },
        places: [
          { log: ANN, position: 2 },
          { log: BOB, position: 2 },
        ],
      });
      await react(message, [other, wants(ANN, HEART)]);
      const update = { type: 'react', conversationId, messageId };
      const expected = [
        { ...update, revision: 1, at: by.at, position: 2 },
        { ...update, revision: 3, at: other.at + 1, position: 3 },
      ];
      for (const log of [ANN, BOB]) expect(await updates(log)).toEqual(expected);
      const counts = [
        { emoji: UP, count: 2 },
        { emoji: HEART, count: 1 },
      ];
      expect(await seen(BOB, message)).toEqual({ revision: 3, at: other.at + 1, counts, mine: [UP] });
      expect(await seen(ANN, message)).toMatchObject({ counts, mine: [UP, HEART] });
      expect(await seen(CAT, message)).toMatchObject({ counts, mine: [] });
    });

    test('several messages are looked up at once, in their order, over conversations', async () => {
      const [a, b, c] = [await send(), await send({ conversationId: THREE, audience: [ANN, BOB, CAT] }), await send()];
      await react(a, [wants(BOB, UP)]);
      await react(b, [wants(CAT, HEART)]);
      const absent = { conversationId: 'nobody~none', messageId: samples.nextId() };
      const found = await store().seen(CAT, [c, b, absent, a]);
      expect(found.map((one) => one?.counts[0]?.emoji)).toEqual([undefined, HEART, undefined, UP]);
      expect(found.map((one) => one?.mine)).toEqual([undefined, [HEART], undefined, []]);
      expect(await store().seen(CAT, [])).toEqual([]);
      expect(await store().seen('stranger', [a])).toMatchObject([{ mine: [] }]);
    });

    test('C4: what is so already, and a repeated key, changes nothing, whatever came after it', async () => {
      const message = await send();
      const [first, off] = [wants(BOB, UP), wants(BOB, UP, false)];
      expect(await outcomes(message, [first])).toEqual(['changed']);
      expect(await outcomes(message, [wants(BOB, UP)])).toEqual(['unchanged']);
      expect(await outcomes(message, [off])).toEqual(['changed']);
      const late = await react(message, [first, off, wants(BOB, UP, false)]);
      expect(late).toMatchObject({ reactions: { revision: 2, counts: [] }, places: [] });
      expect(late?.outcomes).toEqual(Array(3).fill({ result: 'unchanged', emojis: [] }));
      expect(await seen(BOB, message)).toEqual({ revision: 2, at: off.at, counts: [], mine: [] });
      expect(await updates(ANN)).toHaveLength(2);
      for (let n = 0; n < MAX_REACTION_IDS; n++) await react(message, [wants(BOB, UP, n % 2 === 0)]);
      expect(await outcomes(message, [first])).toEqual(['changed']);
    });

    test('C16: a message has so many emojis, and a user so many on it; a refusal changes nothing', async () => {
      const message = await send({ conversationId: THREE, audience: [ANN, BOB, CAT] });
      expect(await outcomes(message, [wants(ANN, 'a'), wants(ANN, 'b'), wants(ANN, 'c')])).toEqual([
        'changed',
        'changed',
        'maxReactionsPerUser',
      ]);
      expect(await outcomes(message, [wants(BOB, 'c'), wants(BOB, 'd')])).toEqual(['changed', 'changed']);
      expect(await outcomes(message, [wants(CAT, 'e'), wants(CAT, 'd')])).toEqual(['maxReactionEmojis', 'changed']);
      expect(await outcomes(message, [wants(BOB, 'c', false), wants(CAT, 'e')])).toEqual(['changed', 'changed']);
      const counts = Object.fromEntries(
        (await seen(CAT, message))?.counts.map(({ emoji, count }) => [emoji, count]) ?? [],
      );
      expect(counts).toEqual({ a: 1, b: 1, d: 2, e: 1 });
    });

    test('where a user has one, another one replaces it', async () => {
      const message = await send();
      const limits = { ...SOME, maxReactionsPerUser: 1 };
      await react(message, [wants(BOB, UP)], { limits });
      const replaced = await react(message, [wants(BOB, HEART), wants(ANN, WOW)], { limits });
      expect(replaced?.reactions).toMatchObject({ revision: 3 });
      expect(await seen(BOB, message)).toMatchObject({ mine: [HEART] });
      expect((await seen(BOB, message))?.counts).toEqual([
        { emoji: HEART, count: 1 },
        { emoji: WOW, count: 1 },
      ]);
    });

    test('C20: a recall drops all of the message and refuses what was judged before it', async () => {
      const [message, other] = [await send(), await send()];
      await react(message, [wants(BOB, UP), wants(ANN, UP)]);
      await react(other, [wants(BOB, UP)]);
      const { conversationId, messageId, audience } = message;
      const recall = { action: 'recall', revision: 1, by: ANN, at: 5 } as const;
      await subject.current.conversations.act([{ ...recall, conversationId, messageId, audience }]);
      expect(await store().seen(BOB, [message, other])).toMatchObject([null, { mine: [UP] }]);
      expect(await react(message, [wants(BOB, HEART)])).toBeNull();
      expect(await store().reactors(message, { limit: 9 })).toEqual({ reactors: [], next: null });
      expect(await store().of(BOB, { limit: 9 })).toMatchObject([{ messageId: other.messageId }]);
      expect(await updates(BOB)).toMatchObject([{ type: 'react' }, { type: 'react' }, { type: 'action' }]);
    });

    test('an edit drops nothing; what was judged before it is judged anew', async () => {
      const message = await send();
      await react(message, [wants(BOB, UP)]);
      const { conversationId, messageId, audience } = message;
      const edit = { action: 'edit', revision: 1, by: ANN, at: 5, content: { text: 'x' }, actionId: 'e' } as const;
      await subject.current.conversations.act([{ ...edit, conversationId, messageId, audience }]);
      expect(await react(message, [wants(BOB, HEART)])).toBeNull();
      expect(await outcomes(message, [wants(BOB, HEART)], { messageRevision: 1 })).toEqual(['changed']);
      expect(await outcomes(message, [wants(ANN, HEART)], { messageRevision: MAX_REVISION })).toEqual(['changed']);
    });

    test('C8: no count of unread messages moves, nor does a list', async () => {
      const message = await send();
      const before = await subject.current.conversations.list(BOB, 9);
      await react(message, [wants(ANN, UP), wants(BOB, UP)]);
      expect(await subject.current.conversations.list(BOB, 9)).toEqual(before);
      expect(await subject.current.conversations.unread(BOB)).toMatchObject({
        total: 1,
        byConversation: { [ANN_BOB]: 1 },
      });
      const { drift } = await subject.current.conversations.recount(null, { repair: false, limit: 100 });
      expect(drift).toEqual([]);
    });

    test('counts are exact whoever reacts at the same time, and each reaction is in one update', async () => {
      const message = await send();
      const users = Array.from({ length: 12 }, (_, n) => `user${n}`);
      await Promise.all(users.map((user) => react(message, [wants(user, UP)])));
      await Promise.all(users.slice(0, 5).map((user) => react(message, [wants(user, UP, false)])));
      expect(await seen('user7', message)).toMatchObject({
        revision: 17,
        counts: [{ emoji: UP, count: 7 }],
        mine: [UP],
      });
      expect(await updates(ANN)).toHaveLength(17);
    });

    test('all of an erased user’s are taken back, and nothing is kept of the user', async () => {
      const message = await send();
      const key = wants(BOB, UP);
      await react(message, [key, wants(BOB, HEART), wants(ANN, UP)]);
      const all = await react(message, [wants(BOB, null, false)]);
      expect(all).toMatchObject({ outcomes: [{ result: 'changed', emojis: [] }], reactions: { revision: 4 } });
      expect((await seen(ANN, message))?.counts).toEqual([{ emoji: UP, count: 1 }]);
      expect(await store().of(BOB, { limit: 9 })).toEqual([]);
      expect(await outcomes(message, [wants(BOB, null, false)])).toEqual(['unchanged']);
      expect(await outcomes(message, [key])).toEqual(['changed']);
    });

    reactorTests({ send, react, wants, store });
    reactionModel(harness, subject, { send, react, store });

    if (harness.reopen === undefined) return;
    test('C2: what was recorded survives a kill, with its update', async () => {
      const message = await send();
      await react(message, [wants(BOB, UP)]);
      await subject.reopen();
      expect(await seen(BOB, message)).toMatchObject({ counts: [{ emoji: UP, count: 1 }], mine: [UP] });
      expect(await updates(ANN)).toMatchObject([{ type: 'react', revision: 1 }]);
      await react(message, [wants(ANN, UP)]);
      expect(await seen(BOB, message)).toMatchObject({ revision: 2, counts: [{ emoji: UP, count: 2 }] });
    });
  });
}
