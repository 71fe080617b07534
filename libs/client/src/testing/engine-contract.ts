import { describe, expect, test } from 'vitest';
import { type DatabaseChanges, type DatabaseEngine, NO_CHANGES as nothing } from '../database/engine.ts';
import type { ChatMessage } from '../index.ts';
import type { KeptMessage } from '../storing/durable-store.ts';

/** An engine that may be in another process. */
export type FarEngine = {
  [K in keyof DatabaseEngine]: (
    ...asked: Parameters<DatabaseEngine[K]>
  ) => Promise<Awaited<ReturnType<DatabaseEngine[K]>>>;
};

export const texts = (...entries: [string, string | null][]): DatabaseChanges => ({
  ...nothing,
  texts: new Map(entries),
});

export function kept(conversation: string, n: number, more: Partial<ChatMessage> = {}): KeptMessage {
  const messageId = n.toString().padStart(6, '0');
  const message: ChatMessage = {
    ...{ messageId, sortKey: messageId, clientMessageId: `c${n}`, conversationId: conversation, peer: 'bob' },
    ...{ from: 'amy', mine: true, content: { text: `text ${n}` }, sentAt: n, state: 'stored', provisional: false },
  };
  return { conversation, message: { ...message, ...more } };
}

const many = (conversation: string, count: number) =>
  Array.from({ length: count }, (_, i) => kept(conversation, i + 1));
const numbers = (messages: readonly ChatMessage[]) => messages.map(({ messageId }) => Number(messageId));

/** What every database does. `open`: opens one that is new for its name, and again under the same name. */
export function engineContract(name: string, open: (database: string) => Promise<FarEngine>): void {
  let count = 0;
  const fresh = () => open(`new ${++count}`);

  describe(`the contract of databases: ${name}`, () => {
    test('keeps, replaces, lists and removes texts, at once', async () => {
      const engine = await fresh();
      const written = engine.write(texts(['a/1', 'one'], ['b', 'two'], ['a/1', 'uno']));
      expect([await engine.get('a/1'), await engine.get('absent')]).toEqual(['uno', null]);
      await written;
      expect((await engine.keys()).toSorted()).toEqual(['a/1', 'b']);
      await engine.write(texts(['a/1', null], ['absent', null]));
      expect([await engine.keys(), await engine.get('a/1')]).toEqual([['b'], null]);
    });

    test('pages through the messages of one conversation, the newest first, each page in order', async () => {
      const engine = await fresh();
      await engine.write({ ...nothing, messages: [...many('amy~bob', 7), kept('amy~bobby', 9), kept('amy', 8)] });
      expect(numbers(await engine.page('amy~bob', 3))).toEqual([5, 6, 7]);
      expect(numbers(await engine.page('amy~bob', 3, '000005'))).toEqual([2, 3, 4]);
      expect(numbers(await engine.page('amy~bob', 3, '000002'))).toEqual([1]);
      expect(await engine.page('amy~bob', 3, '000001')).toEqual([]);
      expect(await engine.page('amy~bob', 1)).toEqual([kept('amy~bob', 7).message]);
    });

    test('C7: changes what it has and nothing else, and states only move forward', async () => {
      const engine = await fresh();
      await engine.write({ ...nothing, messages: [kept('amy~bob', 1, { state: 'read' }), kept('amy~bob', 2)] });
      const changed = (n: number, change: object | null) => ({
        conversation: 'amy~bob',
        messageId: `00000${n}`,
        change,
      });
      const recall = { content: {}, recalledAt: 7, recalledBy: 'zoe' };
      const changes = [changed(1, { state: 'delivered' }), changed(2, recall), changed(3, {})];
      await engine.write({ ...nothing, changes: [...changes, changed(2, { state: 'delivered' })] });
      const [one, two, ...others] = await engine.page('amy~bob', 9);
      expect([one?.state, one?.content, others]).toEqual(['read', { text: 'text 1' }, []]);
      expect(two).toMatchObject({ ...recall, state: 'delivered' });
      await engine.write({ ...nothing, changes: [changed(1, null), changed(3, null)] });
      expect(numbers(await engine.page('amy~bob', 9))).toEqual([2]);
    });

    test('replaces a message, forgets a conversation before it puts more into it, and keeps the newest of one', async () => {
      const engine = await fresh();
      await engine.write({
        ...nothing,
        messages: [...many('a', 30), ...many('b', 3), kept('a', 30, { state: 'read' })],
      });
      expect((await engine.page('a', 1))[0]?.state).toBe('read');
      await engine.write({ ...nothing, forgotten: ['b'], messages: [kept('b', 4)], trimmed: new Map([['a', 5]]) });
      expect(numbers(await engine.page('a', 99))).toEqual([26, 27, 28, 29, 30]);
      expect(numbers(await engine.page('b', 99))).toEqual([4]);
      const changes = [26, 27, 28].map((n) => ({
        conversation: 'a',
        messageId: `0000${n}`,
        change: { recalledAt: 7 },
      }));
      await engine.write({ ...nothing, changes, trimmed: new Map([['a', 2]]) });
      expect(numbers(await engine.page('a', 99))).toEqual([29, 30]);
      await engine.write({ ...nothing, trimmed: new Map([['b', 5]]) });
      expect(numbers(await engine.page('b', 99))).toEqual([4]);
    });

    test('C6 C10: writes all of its changes or, when one fails, none', async () => {
      const engine = await open('atomic');
      await engine.write(texts(['head', '1']));
      const broken = kept('a', 2, { messageId: {} as string });
      const write = engine.write({ ...texts(['head', '2']), forgotten: ['a'], messages: [kept('a', 1), broken] });
      await expect(write).rejects.toThrow();
      await engine.close();
      const again = await open('atomic');
      expect([await again.get('head'), await again.page('a', 9)]).toEqual(['1', []]);
    });

    test('opens with what it had, newest conversations first: 20 messages of 50 of them, and one of each other', async () => {
      const engine = await open('kept');
      const messages = Array.from({ length: 52 }, (_, i) =>
        Array.from({ length: 22 }, (__, j) => kept(`c${i}`, i * 100 + j)),
      ).flat();
      await engine.write({ ...texts(['head', '7']), messages });
      await engine.close();
      const again = await open('kept');
      expect(await again.get('head')).toBe('7');
      const recent = await again.recent();
      const of = (conversation: string) =>
        numbers(recent.filter((each) => each.conversation === conversation).map(({ message }) => message));
      expect(of('c51')).toEqual(Array.from({ length: 20 }, (_, i) => 5102 + i));
      expect([of('c2').length, of('c1'), of('c0')]).toEqual([20, [121], [21]]);
      expect([recent[0]?.conversation, recent.at(-1)?.conversation, recent.length]).toEqual(['c51', 'c0', 1_002]);
    });

    test('C10: begins anew with what was written since it was opened', async () => {
      const engine = await open('begun anew');
      await engine.write({ ...nothing, messages: [...many('a', 3), ...many('b', 2), kept('c', 1)] });
      await engine.close();
      const again = await open('begun anew');
      const first = await again.recent();
      expect([first.length, await again.recent()]).toEqual([6, first]);
      const change = { conversation: 'a', messageId: '000001', change: { state: 'read' as const } };
      const gone = { conversation: 'a', messageId: '000003', change: null };
      const more = Array.from({ length: 40 }, (_, i) => kept('b', i + 3));
      await again.write({ ...nothing, forgotten: ['c'], messages: [kept('a', 50), ...more], changes: [change, gone] });
      const recent = await again.recent();
      await again.close();
      expect(recent).toEqual(await (await open('begun anew')).recent());
      expect(recent.length).toBe(23);
    });

    test('has nothing of the opening any more when it was cleared since', async () => {
      const engine = await open('cleared at the opening');
      await engine.write({ ...texts(['head', '7']), messages: many('a', 3) });
      await engine.close();
      const again = await open('cleared at the opening');
      const cleared = again.clear();
      expect([await again.get('head'), await again.keys(), await again.recent()]).toEqual([null, [], []]);
      await cleared;
    });

    test('is empty when it is cleared, and stays so', async () => {
      const engine = await open('cleared');
      await engine.write({ ...texts(['head', '7']), messages: many('a', 3) });
      await engine.clear();
      expect([await engine.keys(), await engine.page('a', 9)]).toEqual([[], []]);
      await engine.close();
      const again = await open('cleared');
      expect([await again.keys(), await again.page('a', 9), await again.recent()]).toEqual([[], [], []]);
    });
  });
}
