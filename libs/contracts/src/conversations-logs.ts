import type { LogUpdate } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { ANN, ANN_BOB, BOB, type ConversationsHarness, conversationsFixture } from './conversations-fixture.ts';
import { toRecord } from './samples.ts';

export function logTests(harness: ConversationsHarness): void {
  const { subject, logs, conversations, samples, record, inbox } = conversationsFixture(harness);
  const receipt = (at: number): LogUpdate => ({
    type: 'receipt',
    conversationId: ANN_BOB,
    state: 'delivered',
    messageIds: [samples.nextId()],
    by: BOB,
    at,
  });

  test('C10: updates are appended in order to the same log that messages are in', async () => {
    await record();
    const items = [
      { log: ANN, update: receipt(1) },
      { log: BOB, update: receipt(2) },
      { log: ANN, update: receipt(3) },
    ];
    expect(await logs().append(items)).toEqual([2, 2, 3]);
    await record();
    expect(await inbox(ANN)).toMatchObject([
      { type: 'message', position: 1 },
      { ...items[0]?.update, position: 2 },
      { ...items[2]?.update, position: 3 },
      { type: 'message', position: 4 },
    ]);
    expect(await logs().append([])).toEqual([]);
  });

  test('C10: positions stay contiguous when appends and records come at once', async () => {
    const appends = Array.from({ length: 10 }, (_, i) => logs().append([{ log: ANN, update: receipt(i) }]));
    const records = Array.from({ length: 10 }, () =>
      conversations().record([toRecord(samples.message({ from: ANN, to: BOB }))]),
    );
    await Promise.all([...appends, ...records]);
    expect(await inbox(ANN)).toHaveLength(20);
  });

  test('C10: a page starts after its position, has at most its limit, and knows the head', async () => {
    for (let i = 0; i < 5; i++) await record();
    const page = await logs().page(BOB, 2, 2);
    expect(page.entries.map(({ position }) => position)).toEqual([3, 4]);
    expect(page).toMatchObject({ head: 5, floor: 0 });
    expect(await logs().page(BOB, 5, 10)).toEqual({ entries: [], head: 5, floor: 0, epoch: page.epoch });
    expect(await logs().page(BOB, 99, 10)).toMatchObject({ entries: [], head: 5 });
  });

  test('C10: a log has its epoch from before its first entry on; another store has another epoch', async () => {
    const before = await logs().page(BOB, 0, 10);
    expect(before).toMatchObject({ entries: [], head: 0, floor: 0, epoch: expect.stringMatching(/./) });
    await record();
    expect((await logs().page(BOB, 0, 10)).epoch).toBe(before.epoch);
    await subject.fresh();
    expect((await logs().page(BOB, 0, 10)).epoch).not.toBe(before.epoch);
  });

  test('C10: one log is given another epoch, once for each epoch that is told; all others keep theirs', async () => {
    await record();
    const epochs = async () => [(await logs().page(BOB, 0, 1)).epoch, (await logs().page(ANN, 0, 1)).epoch];
    const [first = '', ann = ''] = await epochs();
    await Promise.all([logs().renew(BOB, first), logs().renew(BOB, first)]);
    const [second = ''] = await epochs();
    expect(second.length).toBeLessThanOrEqual(64);
    expect(second).not.toBe(first);
    await logs().renew(BOB, first);
    expect(await epochs()).toEqual([second, ann]);
    await logs().renew(BOB, second);
    const [third] = await epochs();
    expect([first, second]).not.toContain(third);
    expect(await logs().page(BOB, 0, 10)).toMatchObject({ head: 1, entries: [{ position: 1 }] });
    // A user of whom the store has lost all data.
    const { epoch } = await logs().page('lost', 9, 1);
    await logs().renew('lost', epoch);
    expect((await logs().page('lost', 0, 1)).epoch).not.toBe(epoch);
  });

  test('a healthy store answers', () => logs().ping());
}
