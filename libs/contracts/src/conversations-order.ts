import { expect, test } from 'vitest';
import { ANN, ANN_BOB, BOB, CAT, type ConversationsHarness, conversationsFixture } from './conversations-fixture.ts';

/** The order of messages, and their ids. */
export function orderTests(harness: ConversationsHarness): void {
  const { conversations, samples, record, entry, markRead, noDrift, inbox } = conversationsFixture(harness);
  type Ids = [string, string, string, string, ...string[]];
  /** At least four ids. */
  const ids = (count = 4) => Array.from({ length: count }, () => samples.nextId()) as Ids;

  test('C5: a message whose id would not sort after its device’s last one in the conversation gets a new id', async () => {
    const early = samples.nextId();
    const first = await record();
    const second = await record({ messageId: early });
    const third = await record({ messageId: first.messageId });
    expect(second.messageId > first.messageId).toBe(true);
    expect(third.messageId > second.messageId).toBe(true);
    expect((await inbox(BOB)).map((entry) => 'messageId' in entry && entry.messageId)).toEqual([
      ...[first.messageId, second.messageId, third.messageId],
    ]);
    const [again] = await conversations().record([{ ...second, messageId: early }]);
    expect(again).toMatchObject({ result: 'duplicate', messageId: second.messageId });
    expect((await entry(ANN))?.lastMessageId).toBe(third.messageId);
  });

  test('C5: ids of other senders and of other conversations do not count for that', async () => {
    const [a, b, c] = ids();
    expect((await record({ messageId: c })).messageId).toBe(c);
    expect((await record({ from: BOB, to: ANN, messageId: b })).messageId).toBe(b);
    expect((await record({ to: CAT, messageId: a })).messageId).toBe(a);
  });

  test('C5: a new id sorts right behind what it has to follow, however far that is from this machine’s clock', async () => {
    const ahead = (harness.clock.now() + 3_600_000).toString(16).padStart(12, '0');
    const first = await record({ messageId: `${ahead}000000000001` });
    const second = await record();
    const third = await record();
    expect(second.messageId > first.messageId).toBe(true);
    expect(third.messageId > second.messageId).toBe(true);
    expect(third.messageId.slice(0, 16)).toBe(`${ahead}0002`);
  });

  test('C5: two devices of one user write side by side: each keeps its ids, whichever is recorded first', async () => {
    const given = ids(8);
    const device = (place: number) => ({ fromDevice: place % 2 === 0 ? 'phone' : 'laptop' });
    // The laptop's messages come first, then all of the phone's.
    const order = [1, 3, 5, 7, 0, 2, 4, 6];
    const kept: string[] = [];
    for (const place of order)
      kept.push((await record({ messageId: given[place] as string, ...device(place) })).messageId);
    expect(kept).toEqual(order.map((place) => given[place]));
    expect((await entry(BOB))?.lastMessageId).toBe(given[7]);
  });

  test('C5: of many devices each keeps its order, and those used last keep their ids', async () => {
    const devices = Array.from({ length: 20 }, (_, n) => `device-${n}`);
    const rounds = [ids(20), ids(20)];
    const kept = new Map<string, string[]>();
    for (const given of rounds) {
      for (const [n, fromDevice] of devices.entries()) {
        const { messageId } = await record({ fromDevice, messageId: given[n] as string });
        kept.set(fromDevice, [...(kept.get(fromDevice) ?? []), messageId]);
      }
    }
    expect([...kept.values()]).toEqual(devices.map((_, n) => rounds.map((given) => given[n])));
    for (const fromDevice of devices) {
      const { messageId } = await record({ fromDevice, messageId: rounds[0]?.[0] as string });
      expect(messageId > (kept.get(fromDevice)?.at(-1) ?? '')).toBe(true);
    }
  });

  test('C3: a message whose id another message of the conversation has gets a new one', async () => {
    const first = await record();
    const others = [{ fromDevice: 'laptop' }, { from: BOB, to: ANN }];
    for (const other of others) {
      const { messageId } = await record({ ...other, messageId: first.messageId });
      expect(messageId > first.messageId).toBe(true);
    }
  });

  test('C8: counts and reading are exact, though ids are recorded out of their order', async () => {
    const given = ids(12);
    const order = [1, 4, 0, 7, 2, 3, 5, 10, 8, 6, 11, 9];
    for (const place of order) await record({ messageId: given[place] as string, fromDevice: `device-${place % 3}` });
    expect((await conversations().unread(BOB)).total).toBe(12);
    for (const [place, upTo] of given.entries()) {
      const { unread } = await markRead(BOB, ANN_BOB, upTo, 1);
      expect(unread).toMatchObject({ count: 11 - place, total: 11 - place });
      await noDrift();
    }
  });
}
