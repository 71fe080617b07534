import { conversationOf } from '@chasqui/domain';
import type { SessionRow } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { ANN, ANN_BOB, BOB, CAT, type LedgerHarness, ledgerFixture } from './sessions-fixture.ts';

export function rowTests(harness: LedgerHarness): void {
  const { sessions, samples, record, inbox } = ledgerFixture(harness);

  test('both users have the conversation, with its last message', async () => {
    expect(await sessions().get(ANN, ANN_BOB)).toBeNull();
    const message = await record({ text: 'x'.repeat(150) });
    const common = {
      conversationId: ANN_BOB,
      lastMessageId: message.messageId,
      lastFrom: ANN,
      preview: 'x'.repeat(100),
      readUpTo: '',
      updatedAt: message.sentAt,
    };
    expect(await sessions().get(ANN, ANN_BOB)).toEqual({ ...common, userId: ANN, peer: BOB, unread: 0 });
    expect(await sessions().get(BOB, ANN_BOB)).toEqual({ ...common, userId: BOB, peer: ANN, unread: 1 });
    await record({ from: BOB, to: ANN, content: { data: { image: 1 } } });
    expect(await sessions().get(ANN, ANN_BOB)).toMatchObject({ lastFrom: BOB, preview: '', unread: 1 });
    expect(await sessions().get(ANN, conversationOf(ANN, CAT))).toBeNull();
  });

  test('a preview never ends with half an emoji', async () => {
    await record({ text: `${'a'.repeat(99)}😀` });
    for (const user of [ANN, BOB]) expect((await sessions().get(user, ANN_BOB))?.preview).toBe('a'.repeat(99));
    await record({ text: `${'文'.repeat(98)}😀!` });
    expect((await sessions().get(BOB, ANN_BOB))?.preview).toBe(`${'文'.repeat(98)}😀`);
  });

  test('C5: the last message is the one with the highest id, whichever was recorded last', async () => {
    const earlier = samples.nextId();
    const last = await record({ text: 'the last' });
    await record({ from: BOB, to: ANN, messageId: earlier, text: 'late' });
    expect(await sessions().get(ANN, ANN_BOB)).toMatchObject({
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
    const rows: SessionRow[] = [];
    for (;;) {
      const page = await sessions().list(BOB, 2, rows.at(-1));
      expect(page.length).toBeLessThanOrEqual(2);
      if (page.length === 0) break;
      rows.push(...page);
    }
    expect(rows[0]?.peer).toBe('peer2');
    expect(rows.map(({ peer }) => peer).sort()).toEqual(peers);
    expect(rows.every((row, i) => i === 0 || row.updatedAt <= (rows[i - 1]?.updatedAt ?? 0))).toBe(true);
    expect(await sessions().list(BOB, 100)).toEqual(rows);
    expect(await sessions().list('nobody', 10)).toEqual([]);
  });

  test('a recall is appended to both inboxes, once, and empties the preview', async () => {
    const message = await record({ text: 'a secret' });
    const at = harness.clock.now();
    expect(await sessions().recall(ANN_BOB, message.messageId, ANN, at)).toEqual({ [ANN]: 2, [BOB]: 2 });
    expect(await sessions().recall(ANN_BOB, message.messageId, ANN, at + 5)).toBeNull();
    const entry = { type: 'recall', conversationId: ANN_BOB, messageId: message.messageId, by: ANN, at, position: 2 };
    expect((await inbox(ANN)).slice(1)).toEqual([entry]);
    expect((await inbox(BOB)).slice(1)).toEqual([entry]);
    for (const user of [ANN, BOB]) expect((await sessions().get(user, ANN_BOB))?.preview).toBe('');
  });

  test('the recall of an older message leaves the preview, and no recall changes the unread count', async () => {
    const first = await record({ text: 'first' });
    const second = await record({ text: 'second' });
    await sessions().recall(ANN_BOB, first.messageId, ANN, harness.clock.now());
    expect(await sessions().get(BOB, ANN_BOB)).toMatchObject({ preview: 'second', unread: 2 });
    await sessions().recall(ANN_BOB, second.messageId, ANN, harness.clock.now());
    expect(await sessions().get(BOB, ANN_BOB)).toMatchObject({ preview: '', unread: 2, updatedAt: second.sentAt });
  });

  test('of recalls at the same time one counts', async () => {
    const { messageId } = await record();
    const recalls = await Promise.all(Array.from({ length: 4 }, () => sessions().recall(ANN_BOB, messageId, ANN, 5)));
    expect(recalls.filter((positions) => positions !== null)).toHaveLength(1);
    expect(await inbox(BOB)).toHaveLength(2);
  });
}
