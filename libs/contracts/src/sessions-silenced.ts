import { expect, test } from 'vitest';
import { ANN, ANN_BOB, BOB, type LedgerHarness, ledgerFixture } from './sessions-fixture.ts';

/** Messages whose receiver silently blocks their sender. */
export function silencedTests(harness: LedgerHarness): void {
  const { subject, samples, sessions, record, inbox } = ledgerFixture(harness);
  const silenced = true as const;

  test('a silenced message is its sender’s alone: the receiver has no entry, no row and no count', async () => {
    const first = await record({ silenced, text: 'hello?' });
    expect(first.outcome).toMatchObject({ result: 'recorded', senderPosition: 1, receiverPosition: 0 });
    expect(await inbox(ANN)).toMatchObject([{ position: 1, messageId: first.messageId }]);
    expect(await sessions().get(ANN, ANN_BOB)).toMatchObject({ lastMessageId: first.messageId, preview: 'hello?' });
    expect(await sessions().list(ANN, 10)).toHaveLength(1);
    expect(await inbox(BOB)).toEqual([]);
    expect(await sessions().get(BOB, ANN_BOB)).toBeNull();
    expect(await sessions().list(BOB, 10)).toEqual([]);
    expect(await sessions().unread(BOB)).toMatchObject({ total: 0, position: 0 });
  });

  test('each sees a conversation as it is to them, before and after', async () => {
    const heard = await record({ text: 'heard' });
    const unheard = await record({ silenced, text: 'unheard', sentAt: heard.sentAt + 5_000 });
    const bobs = async () => sessions().get(BOB, ANN_BOB);
    const anns = async () => sessions().get(ANN, ANN_BOB);
    expect(await anns()).toMatchObject({ lastMessageId: unheard.messageId, lastFrom: ANN, preview: 'unheard' });
    expect((await anns())?.updatedAt).toBe(unheard.sentAt);
    expect(await bobs()).toMatchObject({ lastMessageId: heard.messageId, preview: 'heard', unread: 1 });
    expect((await bobs())?.updatedAt).toBe(heard.sentAt);
    expect(await sessions().list(BOB, 10)).toEqual([await bobs()]);
    expect(await sessions().list(ANN, 10)).toEqual([await anns()]);
    const answer = await record({ from: BOB, to: ANN, text: 'an answer', sentAt: unheard.sentAt + 1 });
    for (const row of [await anns(), await bobs()]) {
      expect(row).toMatchObject({ lastMessageId: answer.messageId, lastFrom: BOB, preview: 'an answer' });
    }
    expect((await inbox(BOB)).map(({ position }) => position)).toEqual([1, 2]);
    expect((await sessions().recount(null, { repair: false, limit: 10 })).drift).toEqual([]);
  });

  test('C4: a second copy meets what the first one met, whatever it says itself', async () => {
    const quiet = await record({ silenced });
    const { silenced: _, outcome: __, ...loud } = quiet;
    const heard = await record();
    const outcomes = await sessions().record([
      { ...loud, messageId: samples.nextId() },
      { ...heard, messageId: samples.nextId(), silenced },
    ]);
    expect(outcomes).toMatchObject([
      { result: 'duplicate', messageId: quiet.messageId, receiverPosition: 0 },
      { result: 'duplicate', messageId: heard.messageId, receiverPosition: 1 },
    ]);
    expect(await inbox(BOB)).toHaveLength(1);
  });

  test('C5: the sender’s ids rise over both', async () => {
    const early = samples.nextId();
    const quiet = await record({ silenced });
    const heard = await record({ messageId: early });
    expect(heard.messageId > quiet.messageId).toBe(true);
  });

  test('a recall of one is told to its sender alone, and empties the preview', async () => {
    const quiet = await record({ silenced, text: 'a word' });
    const { messageId } = quiet;
    expect(await sessions().recall(ANN_BOB, messageId, ANN, 5, true)).toEqual({ [ANN]: 2 });
    expect(await sessions().recall(ANN_BOB, messageId, ANN, 6, true)).toBeNull();
    expect((await sessions().get(ANN, ANN_BOB))?.preview).toBe('');
    expect(await inbox(BOB)).toEqual([]);
  });

  if (harness.reopen !== undefined) {
    test('C2: what was silenced stays so after a kill', async () => {
      const quiet = await record({ silenced, text: 'unheard' });
      const heard = await record({ from: BOB, to: ANN });
      await subject.reopen();
      expect((await sessions().record([quiet]))[0]).toMatchObject({ result: 'duplicate', receiverPosition: 0 });
      expect(await inbox(BOB)).toMatchObject([{ position: 1, messageId: heard.messageId }]);
      expect((await inbox(ANN)).map(({ position }) => position)).toEqual([1, 2]);
      expect((await record()).outcome).toMatchObject({ senderPosition: 3, receiverPosition: 2 });
    });
  }
}
