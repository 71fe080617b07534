import type { LogUpdate } from '@chasqui/domain';
import { expect, test } from 'vitest';
import {
  ANN,
  ANN_BOB,
  BOB,
  type ConversationsHarness,
  conversationsFixture,
  positionsIn,
  recorded,
} from './conversations-fixture.ts';

export function restartTests(harness: ConversationsHarness): void {
  const { subject, samples, conversations, logs, record, entry, markRead, recall, inbox } =
    conversationsFixture(harness);

  test('C2, C10: what was resolved survives a kill: entries, marks, counts, logs, positions and their epoch', async () => {
    const first = await record();
    const second = await record({ text: 'last' });
    await markRead(BOB, ANN_BOB, first.messageId, 1);
    await recall(first, 2);
    await logs().confirm({ userId: BOB, deviceId: 'phone', position: 2, at: 3 });
    await logs().renew(BOB, (await logs().page(BOB, 0, 1)).epoch);
    const before = {
      entries: [await entry(ANN), await entry(BOB)],
      unread: await conversations().unread(BOB),
      inboxes: [await inbox(ANN), await inbox(BOB)],
      epoch: (await logs().page(BOB, 0, 1)).epoch,
      devices: await logs().devices(BOB),
    };
    await subject.reopen();
    expect({
      entries: [await entry(ANN), await entry(BOB)],
      unread: await conversations().unread(BOB),
      inboxes: [await inbox(ANN), await inbox(BOB)],
      epoch: (await logs().page(BOB, 0, 1)).epoch,
      devices: await logs().devices(BOB),
    }).toEqual(before);
    expect(await recall(first, 9)).toBeNull();
    expect(positionsIn((await record()).outcome, BOB)).toEqual([5]);
    expect((await entry(BOB))?.unread).toBe(2);
    expect(second.messageId > first.messageId).toBe(true);
  });

  test('C3, C10: entries of all kinds that were written side by side are all there after a kill, at their places', async () => {
    const receipts: LogUpdate[] = [];
    const writes: Promise<unknown>[] = [];
    for (let n = 0; n < 20; n++) {
      const { messageId } = samples.message({ from: ANN, to: BOB });
      const receipt: LogUpdate = {
        type: 'receipt',
        conversationId: ANN_BOB,
        state: 'delivered',
        messageIds: [messageId],
        at: n,
        by: BOB,
      };
      receipts.push(receipt);
      // Receipts before, between and after messages, on both sides, for transactions that share a commit.
      const append = logs().append([{ log: ANN, update: receipt }]);
      writes.push(append, record(), logs().append([{ log: BOB, update: receipt }]));
    }
    await Promise.all(writes);
    const before = [await inbox(ANN), await inbox(BOB)];
    expect(before.map((entries) => entries.length)).toEqual([40, 40]);
    await subject.reopen();
    expect([await inbox(ANN), await inbox(BOB)]).toEqual(before);
    expect(positionsIn((await record()).outcome, ANN)).toEqual([41]);
  });

  test('C4, C5: after a kill a resend is still a duplicate, and ids still rise', async () => {
    const first = await record();
    const second = await record();
    await subject.reopen();
    const again = recorded((await conversations().record([first]))[0]);
    expect(again).toMatchObject({ result: 'duplicate', places: first.outcome.places });
    expect(positionsIn(again, ANN, BOB)).toEqual([1, 1]);
    const third = await record({ messageId: first.messageId });
    expect(third.messageId > second.messageId).toBe(true);
  });

  test('C5: after a kill each device’s last message and what got a new id are still known', async () => {
    const [question, answer, behind, laptop] = Array.from({ length: 4 }, () => samples.nextId()) as [
      string,
      string,
      string,
      string,
    ];
    await record({ messageId: laptop, fromDevice: 'laptop' });
    await record({ messageId: behind });
    const moved = await record({ messageId: question });
    await subject.reopen();
    const answered = await record({ messageId: answer, from: BOB, to: ANN, after: question });
    expect(answered.messageId > moved.messageId).toBe(true);
    const { messageId } = await record({ messageId: question, fromDevice: 'laptop' });
    expect(messageId > laptop).toBe(true);
  });
}
