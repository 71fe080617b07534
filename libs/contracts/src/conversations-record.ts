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
} from './conversations-fixture.ts';
import { toRecord } from './samples.ts';

export function recordTests(harness: ConversationsHarness): void {
  const { conversations, samples, record, inbox } = conversationsFixture(harness);

  test('C3: a message is appended to each inbox of its audience, at its next position', async () => {
    const first = await record();
    await record({ from: CAT });
    const third = await record({ from: BOB, to: ANN });
    expect([first, third].map(({ outcome }) => outcome.result)).toEqual(['recorded', 'recorded']);
    expect(positionsIn(first.outcome, ANN, BOB, CAT)).toEqual([1, 1, 0]);
    expect(positionsIn(third.outcome, ANN, BOB, CAT)).toEqual([2, 3, 0]);
    expect(third.outcome.places).toHaveLength(2);
    expect(await inbox(ANN)).toEqual([
      {
        position: 1,
        type: 'message',
        conversationId: ANN_BOB,
        messageId: first.messageId,
        from: ANN,
        clientMessageId: first.clientMessageId,
      },
      {
        position: 2,
        type: 'message',
        conversationId: ANN_BOB,
        messageId: third.messageId,
        from: BOB,
        clientMessageId: third.clientMessageId,
      },
    ]);
    expect((await inbox(BOB)).map(({ position }) => position)).toEqual([1, 2, 3]);
  });

  test('C10: positions stay contiguous and unique when many calls record at once', async () => {
    const calls = Array.from({ length: 20 }, (_, i) => {
      const peer = [ANN, CAT, 'dan'][i % 3] ?? ANN;
      const both = [samples.message({ from: peer, to: BOB }), samples.message({ from: BOB, to: peer })];
      return conversations().record(both.map((message) => toRecord(message)));
    });
    const outcomes = (await Promise.all(calls)).flat().map(recorded);
    const positions = outcomes.flatMap((outcome) => positionsIn(outcome, BOB));
    expect(positions.sort((a, b) => a - b)).toEqual(Array.from({ length: 40 }, (_, i) => i + 1));
    expect(await inbox(BOB)).toHaveLength(40);
  });

  test('an empty batch is fine, and a healthy store answers', async () => {
    expect(await conversations().record([])).toEqual([]);
    await conversations().ping();
  });
}
