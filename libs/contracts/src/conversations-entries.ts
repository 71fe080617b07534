import { directConversation } from '@chasqui/domain';
import type { ConversationEntry } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { ANN, ANN_BOB, BOB, CAT, type ConversationsHarness, conversationsFixture } from './conversations-fixture.ts';

export function entryTests(harness: ConversationsHarness): void {
  const { conversations, samples, record, entry } = conversationsFixture(harness);

  test('each user whose inbox it came to has the conversation, with its last message and a mark of their own', async () => {
    expect(await entry(ANN)).toBeNull();
    const message = await record({ text: 'x'.repeat(150) });
    const common = {
      conversationId: ANN_BOB,
      lastMessageId: message.messageId,
      lastFrom: ANN,
      preview: 'x'.repeat(100),
      read: { upTo: '', at: 0, node: '' },
      updatedAt: message.sentAt,
    };
    expect(await entry(ANN)).toEqual({ ...common, userId: ANN, unread: 0 });
    expect(await entry(BOB)).toEqual({ ...common, userId: BOB, unread: 1 });
    await record({ from: BOB, to: ANN, content: { data: { image: 1 } } });
    expect(await entry(ANN)).toMatchObject({ lastFrom: BOB, preview: '', unread: 1 });
    expect(await entry(ANN, directConversation(ANN, CAT))).toBeNull();
  });

  test('entries are given in the order of the keys, null where the user has none', async () => {
    await record();
    const keys = [
      { userId: BOB, conversationId: ANN_BOB },
      { userId: CAT, conversationId: ANN_BOB },
      { userId: ANN, conversationId: ANN_BOB },
      { userId: BOB, conversationId: ANN_BOB },
    ];
    const found = await conversations().entries(keys);
    expect(found.map((one) => one?.userId)).toEqual([BOB, undefined, ANN, BOB]);
    expect(found[1]).toBeNull();
    expect(found[2]).toEqual(await entry(ANN));
    expect(await conversations().entries([])).toEqual([]);
  });

  test('a preview never ends with half an emoji', async () => {
    await record({ text: `${'a'.repeat(99)}😀` });
    for (const user of [ANN, BOB]) expect((await entry(user))?.preview).toBe('a'.repeat(99));
    await record({ text: `${'文'.repeat(98)}😀!` });
    expect((await entry(BOB))?.preview).toBe(`${'文'.repeat(98)}😀`);
  });

  test('C5: the last message is the one with the highest id, whichever was recorded last', async () => {
    const earlier = samples.nextId();
    const last = await record({ text: 'the last' });
    await record({ from: BOB, to: ANN, messageId: earlier, text: 'late' });
    expect(await entry(ANN)).toMatchObject({
      lastMessageId: last.messageId,
      lastFrom: ANN,
      preview: 'the last',
      unread: 1,
    });
  });

  test('the list has the most recently updated first, page by page, each conversation once', async () => {
    const at = harness.clock.now();
    const peers = Array.from({ length: 9 }, (_, i) => `peer${i}`);
    // Some share their time: paging must neither skip nor repeat them.
    for (const [i, peer] of peers.entries()) await record({ from: peer, sentAt: at + Math.floor(i / 4) });
    await record({ from: BOB, to: 'peer2', sentAt: at + 100 });
    const entries: ConversationEntry[] = [];
    for (;;) {
      const page = await conversations().list(BOB, 2, entries.at(-1));
      expect(page.length).toBeLessThanOrEqual(2);
      if (page.length === 0) break;
      entries.push(...page);
    }
    expect(entries[0]?.conversationId).toBe(directConversation(BOB, 'peer2'));
    expect(entries).toHaveLength(9);
    expect(new Set(entries.map(({ conversationId }) => conversationId))).toEqual(
      new Set(peers.map((peer) => directConversation(BOB, peer))),
    );
    expect(entries.every((row, i) => i === 0 || row.updatedAt <= (entries[i - 1]?.updatedAt ?? 0))).toBe(true);
    expect(await conversations().list(BOB, 100)).toEqual(entries);
    expect(await conversations().list('nobody', 10)).toEqual([]);
  });
}
