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
import { toRecord } from './samples.ts';

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

  test('C3, C8: a message to three inboxes is in each of them, and counts for everybody but its sender', async () => {
    const own = await record({ to: CAT });
    const { messageId, clientMessageId, outcome, sentAt } = await record(toThree(ANN));
    expect(positionsIn(outcome, ANN, BOB, CAT)).toEqual([2, 1, 2]);
    expect(outcome.unread.toSorted((a, b) => (a.userId < b.userId ? -1 : 1))).toEqual([
      { userId: BOB, conversationId: THREE, count: 1, total: 1, position: 1 },
      { userId: CAT, conversationId: THREE, count: 1, total: 2, position: 2 },
    ]);
    for (const user of [ANN, BOB, CAT]) {
      const update = { type: 'message', conversationId: THREE, messageId, from: ANN, clientMessageId };
      expect((await inbox(user)).at(-1)).toMatchObject(update);
      expect(await entry(user, THREE)).toMatchObject({
        userId: user,
        lastMessageId: messageId,
        lastFrom: ANN,
        unread: user === ANN ? 0 : 1,
        updatedAt: sentAt,
      });
    }
    expect(own.outcome.places).toHaveLength(2);
    await noDrift();
  });

  test('C3: an id that any other of three has is never given to a second message', async () => {
    const users = [ANN, BOB, CAT];
    for (const [first, second] of users.flatMap((one) => users.map((other) => [one, other] as const))) {
      if (first === second) continue;
      await record(toThree(second));
      const messageId = samples.nextId();
      expect((await record({ ...toThree(first), messageId })).messageId).toBe(messageId);
      expect((await record({ ...toThree(second), messageId })).messageId > messageId).toBe(true);
    }
  });

  test('C4, C5: of three senders each keeps the order of its devices, and copies are found', async () => {
    const id = samples.nextId();
    const before = await record(toThree(BOB));
    for (const from of [ANN, CAT]) await record(toThree(from));
    const last = await record({ ...toThree(BOB), messageId: id });
    expect(last.messageId > before.messageId).toBe(true);
    const again = recorded((await conversations().record([{ ...last, messageId: id }]))[0]);
    expect(again).toMatchObject({ result: 'duplicate', messageId: last.messageId, places: last.outcome.places });
    expect(again.unread.map(({ userId }) => userId).toSorted()).toEqual([ANN, CAT]);
  });

  test('C4: the same clientMessageId in another conversation is a conflict', async () => {
    const first = await record({ ...toThree(ANN), clientMessageId: 'same', text: 'yes' });
    const elsewhere = { ...first, conversationId: 'four', audience: [ANN, BOB] };
    expect(await conversations().record([toRecord(elsewhere)])).toMatchObject([{ result: 'conflict' }]);
  });

  test('C8: each of three reads for themselves', async () => {
    const [first, second] = [await record(toThree(ANN)), await record(toThree(CAT))];
    expect((await markRead(BOB, THREE, first.messageId, 1)).unread).toMatchObject({ count: 1, total: 1 });
    expect((await entry(BOB, THREE))?.read).toEqual({ upTo: first.messageId, at: 1, node: 'node-1' });
    expect((await entry(CAT, THREE))?.read).toEqual({ upTo: '', at: 0, node: '' });
    const counts = async () =>
      Promise.all([ANN, BOB, CAT].map(async (user) => (await conversations().unread(user)).total));
    expect(await counts()).toEqual([1, 1, 1]);
    expect((await markRead(BOB, THREE, second.messageId, 2)).from).toBe(first.messageId);
    expect(await counts()).toEqual([1, 0, 1]);
    expect((await inbox(CAT)).map(({ type }) => type)).toEqual(['message', 'message']);
    await noDrift();
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
