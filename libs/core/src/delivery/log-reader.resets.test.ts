import type { MessageStore, OfflineCache, UpdateLog } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { entryOf, messageOf, readerOf } from '../testing/log-readers.ts';

/** An inbox with `head` messages left, after a restore that removed later ones. */
function cutInbox(head: number) {
  const log = { epoch: 'e', head };
  const entriesOf = (after: number) =>
    Array.from({ length: Math.max(0, log.head - after) }, (_, i) => entryOf(String(after + i + 1), after + i + 1));
  const logs = {
    page: async (_: string, after: number) => ({
      entries: entriesOf(after),
      head: log.head,
      floor: 0,
      epoch: log.epoch,
    }),
    async renew(_: string, epoch: string) {
      if (epoch === log.epoch) log.epoch = `${epoch}.1`;
    },
  };
  const cache = { get: async (_: string, ids: readonly string[]) => ids.map(messageOf) };
  const subject = readerOf({
    logs: logs as Partial<UpdateLog> as UpdateLog,
    cache: cache as Partial<OfflineCache> as OfflineCache,
    messages: {} as MessageStore,
  });
  const sync = async (position: number, epoch?: string) => {
    const { reset, updates, epoch: now } = await subject.page('bob', position, 100, epoch);
    return {
      reset,
      first: updates[0]?.type === 'chat' ? updates[0].position : undefined,
      count: updates.length,
      epoch: now,
    };
  };
  return { log, sync };
}

test("C10: a device beyond the head proves that the log was cut: the user's other devices are reset too, also once the head has passed them", async () => {
  const { log, sync } = cutInbox(20);
  expect(await sync(40, 'e')).toEqual({ reset: true, first: 1, count: 20, epoch: 'e.1' });
  log.head = 60;
  expect(await sync(35, 'e')).toEqual({ reset: true, first: 1, count: 60, epoch: 'e.1' });
  expect(await sync(20, 'e.1')).toEqual({ reset: false, first: 21, count: 40, epoch: 'e.1' });
});

test.each([
  ['no epoch', undefined],
  ['another epoch', 'other'],
])(
  'C10: a position beyond the head with %s proves nothing of this log: that device alone is reset',
  async (_, epoch) => {
    const { sync } = cutInbox(20);
    expect(await sync(40, epoch)).toMatchObject({ reset: true, epoch: 'e' });
    expect(await sync(20, 'e')).toMatchObject({ reset: false, epoch: 'e' });
  },
);

/** An inbox with epoch `now` whose entries up to `floor` are trimmed. */
function trimmed(floor: number, head: number) {
  const stored = Array.from({ length: head }, (_, n) => messageOf(`${n + 1}`));
  const entries = stored.map(({ messageId }, n) => entryOf(messageId, n + 1));
  const page = async (_: string, after: number, limit: number) => {
    const from = Math.max(after, floor);
    return { entries: entries.slice(from, from + limit), head, floor, epoch: 'now' };
  };
  return readerOf({
    logs: { page } as Partial<UpdateLog> as UpdateLog,
    messages: {
      get: async (keys: readonly { messageId: string }[]) => keys.map(({ messageId }) => messageOf(messageId)),
    } as Partial<MessageStore> as MessageStore,
    cache: {
      get: async (_: string, ids: readonly string[]) => ids.map(() => null),
    } as Partial<OfflineCache> as OfflineCache,
  });
}

test.each([
  ['a position beyond the head, of no epoch', 9, undefined],
  ['a position that is trimmed', 1, 'now'],
  ['the very beginning, where it is trimmed', 0, undefined],
  ['a position of another epoch', 4, 'before'],
])('C10: %s gets a reset, and everything from the floor on', async (_, after, epoch) => {
  const page = await trimmed(2, 5).page('bob', after, 10, epoch);
  expect(page).toMatchObject({ reset: true, position: 5, caughtUp: true, epoch: 'now' });
  expect(page.updates.map(({ position }) => position)).toEqual([3, 4, 5]);
});

test.each([
  ['the floor', 2, 2, 'now'],
  ['a position between', 2, 3, 'now'],
  ['the head', 2, 5, 'now'],
  ['a position of no epoch', 2, 3, undefined],
  ['the very beginning, of another epoch: nothing can have been skipped', 0, 0, 'before'],
])('C10: %s gets no reset', async (_, floor, after, epoch) => {
  const page = await trimmed(floor, 5).page('bob', after, 10, epoch);
  expect(page).toMatchObject({ reset: false, position: 5, caughtUp: true });
  expect(page.updates).toHaveLength(5 - after);
});
