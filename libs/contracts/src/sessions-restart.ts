import type { InboxUpdate } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { ANN, ANN_BOB, BOB, type LedgerHarness, ledgerFixture } from './sessions-fixture.ts';

export function restartTests(harness: LedgerHarness): void {
  const { subject, samples, sessions, inboxes, record, inbox } = ledgerFixture(harness);

  test('C2, C10: what was resolved survives a kill: rows, counts, inboxes, positions and their epoch', async () => {
    const first = await record();
    const second = await record({ text: 'last' });
    await sessions().markRead(BOB, ANN_BOB, first.messageId, 1);
    await sessions().recall(ANN_BOB, first.messageId, ANN, 2);
    await inboxes().confirm({ userId: BOB, deviceId: 'phone', position: 2, at: 3 });
    await inboxes().renew(BOB, (await inboxes().page(BOB, 0, 1)).epoch);
    const before = {
      rows: [await sessions().get(ANN, ANN_BOB), await sessions().get(BOB, ANN_BOB)],
      unread: await sessions().unread(BOB),
      inboxes: [await inbox(ANN), await inbox(BOB)],
      epoch: (await inboxes().page(BOB, 0, 1)).epoch,
      devices: await inboxes().devices(BOB),
    };
    await subject.reopen();
    expect({
      rows: [await sessions().get(ANN, ANN_BOB), await sessions().get(BOB, ANN_BOB)],
      unread: await sessions().unread(BOB),
      inboxes: [await inbox(ANN), await inbox(BOB)],
      epoch: (await inboxes().page(BOB, 0, 1)).epoch,
      devices: await inboxes().devices(BOB),
    }).toEqual(before);
    expect(await sessions().recall(ANN_BOB, first.messageId, ANN, 9)).toBeNull();
    expect((await record()).outcome.receiverPosition).toBe(5);
    expect((await sessions().get(BOB, ANN_BOB))?.unread).toBe(2);
    expect(second.messageId > first.messageId).toBe(true);
  });

  test('C3, C10: entries of all kinds that were written side by side are all there after a kill, at their places', async () => {
    const receipts: InboxUpdate[] = [];
    const writes: Promise<unknown>[] = [];
    for (let n = 0; n < 20; n++) {
      const { messageId } = samples.message({ from: ANN, to: BOB });
      const receipt: InboxUpdate = {
        type: 'receipt',
        conversationId: ANN_BOB,
        state: 'delivered',
        messageIds: [messageId],
        at: n,
        by: BOB,
      };
      receipts.push(receipt);
      // Receipts before, between and after messages, on both sides, for whatever shares a commit.
      const append = inboxes().append([{ userId: ANN, update: receipt }]);
      writes.push(append, record(), inboxes().append([{ userId: BOB, update: receipt }]));
    }
    await Promise.all(writes);
    const before = [await inbox(ANN), await inbox(BOB)];
    expect(before.map((entries) => entries.length)).toEqual([40, 40]);
    await subject.reopen();
    expect([await inbox(ANN), await inbox(BOB)]).toEqual(before);
    expect((await record()).outcome.senderPosition).toBe(41);
  });

  test('C4, C5: after a kill a resend is still a duplicate, and ids still rise', async () => {
    const first = await record();
    const second = await record();
    await subject.reopen();
    expect((await sessions().record([first]))[0]).toMatchObject({ result: 'duplicate', receiverPosition: 1 });
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
