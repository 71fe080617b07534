import { expect, test } from 'vitest';
import { ANN, BOB, type ConversationsHarness, conversationsFixture, positionsIn } from './conversations-fixture.ts';

/** Logs whose oldest entries are dropped: by their time, or all of them. */
export function trimmedLogTests(harness: ConversationsHarness): void {
  const { logs, conversations, record, inbox } = conversationsFixture(harness);

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
}
