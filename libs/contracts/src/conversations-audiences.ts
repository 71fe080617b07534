import { directAudience } from '@chasqui/domain';
import { expect, test } from 'vitest';
import {
  ANN,
  ANN_BOB,
  BOB,
  CAT,
  type ConversationsHarness,
  conversationsFixture,
  positionsIn,
  recorded,
  THREE,
  toThree,
} from './conversations-fixture.ts';

/** Audiences: both users of a direct conversation, its sender alone, or any number of users. */
export function audienceTests(harness: ConversationsHarness): void {
  const { subject, samples, conversations, record, recall, markRead, entry, noDrift, inbox } =
    conversationsFixture(harness);
  /** A message from Ann to Bob, who silently blocks her. */
  const unheardByBob = { audience: directAudience(ANN, BOB, true) };

  test('a message to its sender’s inbox alone: nobody else has a log entry, a conversation or a count of it', async () => {
    const first = await record({ ...unheardByBob, text: 'hello?' });
    expect(first.outcome).toMatchObject({ result: 'recorded', places: [{ log: ANN, position: 1 }], unread: [] });
    expect(first.outcome.places).toHaveLength(1);
    expect(await inbox(ANN)).toMatchObject([{ position: 1, messageId: first.messageId }]);
    expect(await entry(ANN)).toMatchObject({ lastMessageId: first.messageId, preview: 'hello?', unread: 0 });
    expect(await conversations().list(ANN, 10)).toHaveLength(1);
    expect(await inbox(BOB)).toEqual([]);
    expect(await entry(BOB)).toBeNull();
    expect(await conversations().list(BOB, 10)).toEqual([]);
    expect(await conversations().unread(BOB)).toMatchObject({ total: 0, position: 0 });
  });

  test('each sees a conversation as it is to them, before and after', async () => {
    const heard = await record({ text: 'heard' });
    const unheard = await record({ ...unheardByBob, text: 'unheard', sentAt: heard.sentAt + 5_000 });
    const bobs = () => entry(BOB);
    const anns = () => entry(ANN);
    expect(await anns()).toMatchObject({ lastMessageId: unheard.messageId, lastFrom: ANN, preview: 'unheard' });
    expect((await anns())?.updatedAt).toBe(unheard.sentAt);
    expect(await bobs()).toMatchObject({ lastMessageId: heard.messageId, preview: 'heard', unread: 1 });
    expect((await bobs())?.updatedAt).toBe(heard.sentAt);
    expect(await conversations().list(BOB, 10)).toEqual([await bobs()]);
    expect(await conversations().list(ANN, 10)).toEqual([await anns()]);
    const answer = await record({ from: BOB, to: ANN, text: 'an answer', sentAt: unheard.sentAt + 1 });
    for (const one of [await anns(), await bobs()]) {
      expect(one).toMatchObject({ lastMessageId: answer.messageId, lastFrom: BOB, preview: 'an answer' });
    }
    expect((await inbox(BOB)).map(({ position }) => position)).toEqual([1, 2]);
    await noDrift();
  });

  test('C4: a second copy meets what the first one met, whatever audience it has itself', async () => {
    const quiet = await record(unheardByBob);
    const heard = await record();
    const outcomes = await conversations().record([
      { ...quiet, messageId: samples.nextId(), audience: heard.audience },
      { ...heard, messageId: samples.nextId(), ...unheardByBob },
    ]);
    expect(outcomes).toMatchObject([
      { result: 'duplicate', messageId: quiet.messageId, places: quiet.outcome.places, unread: [] },
      { result: 'duplicate', messageId: heard.messageId, places: heard.outcome.places, unread: [{ userId: BOB }] },
    ]);
    expect(outcomes.map((outcome) => positionsIn(recorded(outcome), ANN, BOB))).toEqual([
      ...[
        [1, 0],
        [2, 1],
      ],
    ]);
    expect(await inbox(BOB)).toHaveLength(1);
  });

  test('C5: the sender’s ids rise over both', async () => {
    const early = samples.nextId();
    const quiet = await record(unheardByBob);
    const heard = await record({ messageId: early });
    expect(heard.messageId > quiet.messageId).toBe(true);
  });

  test('a recall of one is told to its sender alone, and empties the preview', async () => {
    const heard = await record({ text: 'heard' });
    const quiet = await record({ ...unheardByBob, text: 'a word' });
    expect(await recall(quiet, 5)).toEqual([{ log: ANN, position: 3 }]);
    expect(await recall(quiet, 6)).toBeNull();
    expect((await entry(ANN))?.preview).toBe('');
    expect((await entry(BOB))?.preview).toBe('heard');
    expect(await inbox(BOB)).toMatchObject([{ messageId: heard.messageId }]);
  });

  if (harness.reopen !== undefined) {
    test('C2: whom a message came to stays so after a kill', async () => {
      const quiet = await record({ ...unheardByBob, text: 'unheard' });
      const heard = await record({ from: BOB, to: ANN });
      const three = await record(toThree(CAT));
      await markRead(BOB, THREE, three.messageId, 1);
      await subject.reopen();
      const outcomes = await conversations().record([quiet, three]);
      expect(outcomes).toMatchObject([
        { result: 'duplicate', places: quiet.outcome.places, unread: [] },
        { result: 'duplicate', places: three.outcome.places },
      ]);
      expect(positionsIn(recorded(outcomes[1]), ANN, BOB, CAT)).toEqual([3, 2, 1]);
      expect(await inbox(BOB)).toMatchObject([
        { position: 1, messageId: heard.messageId },
        { position: 2, messageId: three.messageId },
        { position: 3, type: 'read' },
      ]);
      expect((await inbox(ANN)).map(({ position }) => position)).toEqual([1, 2, 3]);
      expect((await entry(BOB, THREE))?.read).toEqual({ upTo: three.messageId, at: 1, node: 'node-1' });
      expect(positionsIn((await record()).outcome, ANN, BOB)).toEqual([4, 4]);
      expect(await entry(BOB, ANN_BOB)).toMatchObject({ unread: 1 });
    });
  }
}
