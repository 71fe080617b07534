import { DEFAULT_LIMITS, type LogUpdate } from '@chasqui/domain';
import { expect, test } from 'vitest';
import {
  ANN,
  ANN_BOB,
  BOB,
  type ConversationsHarness,
  conversationsFixture,
  positionsIn,
} from './conversations-fixture.ts';
import { toRecord } from './samples.ts';

const { maxDevicesPerUser } = DEFAULT_LIMITS;

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

  test('a confirmation moves a device forward, never back and never beyond the head', async () => {
    for (let i = 0; i < 5; i++) await record();
    const confirm = (deviceId: string, position: number, at: number) =>
      logs().confirm({ userId: BOB, deviceId, position, at });
    expect(await confirm('phone', 3, 10)).toEqual({ before: 0, now: 3 });
    expect(await confirm('laptop', 2, 11)).toEqual({ before: 3, now: 3 });
    expect(await confirm('laptop', 99, 12)).toEqual({ before: 3, now: 5 });
    expect(await confirm('phone', 1, 13)).toEqual({ before: 5, now: 5 });
    const devices = await logs().devices(BOB);
    expect(devices.map(({ deviceId, position }) => [deviceId, position]).sort()).toEqual([
      ['laptop', 5],
      ['phone', 3],
    ]);
    expect(await logs().devices(ANN)).toEqual([]);
    expect(await logs().confirm({ userId: 'nobody', deviceId: 'x', position: 4, at: 1 })).toEqual({
      before: 0,
      now: 0,
    });
  });

  test('C16: beyond the bound the device that confirmed longest ago is forgotten, never the one that confirms', async () => {
    for (let i = 0; i < 3; i++) await record();
    const confirm = (deviceId: string, position: number, at: number) =>
      logs().confirm({ userId: BOB, deviceId, position, at });
    const names = async () => (await logs().devices(BOB)).map(({ deviceId }) => deviceId).sort();
    const kept = Array.from({ length: maxDevicesPerUser - 2 }, (_, i) => `d${i}`);
    await confirm('first', 1, 10);
    await confirm('furthest', 2, 11);
    for (const [i, deviceId] of kept.entries()) await confirm(deviceId, 1, 100 + i);
    await confirm('first', 2, 50);
    expect(await names()).toEqual(['first', 'furthest', ...kept].sort());
    expect(await confirm('late', 1, 5)).toEqual({ before: 2, now: 2 });
    expect(await names()).toEqual(['first', 'late', ...kept].sort());
    expect(await confirm('next', 1, 200)).toEqual({ before: 2, now: 2 });
    expect(await confirm('last', 1, 201)).toEqual({ before: 2, now: 2 });
    expect(await names()).toEqual(['last', 'next', ...kept].sort());
    expect(await confirm('last', 3, 202)).toEqual({ before: 1, now: 3 });
  });

  test('C10: trimming drops what is older than its time and raises the floor', async () => {
    for (let i = 0; i < 3; i++) await record();
    await harness.advance(30);
    const cut = harness.clock.now();
    await harness.advance(30);
    for (let i = 0; i < 2; i++) await record();
    expect(await logs().trim(cut, 100)).toBe(6);
    expect(await logs().trim(cut, 100)).toBe(0);
    const page = await logs().page(BOB, 0, 100);
    expect(page).toMatchObject({ head: 5, floor: 3 });
    expect(page.entries.map(({ position }) => position)).toEqual([4, 5]);
  });

  test('C10, C16: trimming takes no more than its limit at a time, and logs stay contiguous above their floors', async () => {
    for (let i = 0; i < 5; i++) await record();
    await harness.advance(30);
    let dropped = 0;
    for (let n = 0; n < 20; n++) {
      const now = await logs().trim(harness.clock.now(), 3);
      expect(now).toBeLessThanOrEqual(3);
      dropped += now;
      const floors = await Promise.all([ANN, BOB].map(async (user) => (await logs().page(user, 0, 1)).floor));
      expect(floors.reduce((sum, floor) => sum + floor)).toBe(dropped);
      expect((await inbox(ANN)).length + (await inbox(BOB)).length).toBe(10 - dropped);
      if (now === 0) break;
    }
    expect(dropped).toBe(10);
  });

  test('C10: a log that is trimmed to nothing keeps its head, and goes on from there', async () => {
    for (let i = 0; i < 3; i++) await record();
    await harness.advance(30);
    await logs().trim(harness.clock.now(), 100);
    expect(await logs().page(BOB, 0, 10)).toMatchObject({ entries: [], head: 3, floor: 3 });
    expect(positionsIn((await record()).outcome, BOB)).toEqual([4]);
    expect((await logs().page(BOB, 3, 10)).entries.map(({ position }) => position)).toEqual([4]);
  });

  test('C10, C8: a log that is cleared keeps its head and its unread messages; its devices are forgotten, other logs stay', async () => {
    for (let i = 0; i < 3; i++) await record();
    for (const userId of [ANN, BOB]) await logs().confirm({ userId, deviceId: 'phone', position: 2, at: 1 });
    expect([await logs().clear(BOB, 2), await logs().clear(BOB, 2), await logs().clear(BOB, 2)]).toEqual([2, 1, 0]);
    expect(await logs().page(BOB, 0, 10)).toMatchObject({ entries: [], head: 3, floor: 3 });
    expect((await conversations().unread(BOB)).total).toBe(3);
    expect([await logs().devices(BOB), (await logs().devices(ANN)).length]).toEqual([[], 1]);
    expect(await inbox(ANN)).toHaveLength(3);
    expect(positionsIn((await record()).outcome, BOB)).toEqual([4]);
    expect(await logs().clear('nobody', 2)).toBe(0);
  });

  test('a healthy store answers', () => logs().ping());
}
