import type { InboxUpdate, Position, UserId } from '@chasqui/domain';
import type { InboxStore } from '@chasqui/ports';
import type { Database, Transaction } from '../engine/index.ts';
import { confirm, devicesOf, selectDevices } from './device-positions.ts';
import { Appender, isEntry, updateEntry } from './inbox-entries.ts';
import { type Head, lockHeads, saveHeads } from './inbox-heads.ts';
import { inboxPage, renewInbox } from './inbox-page.ts';
import { trimInboxes } from './trim-inboxes.ts';

interface Item {
  userId: UserId;
  update: InboxUpdate;
}

/** See `InboxStore.append`. */
function append(database: Database, items: readonly Item[]): Promise<Position[]> {
  const users = items.map(({ userId }) => userId);
  return database.transaction<Position[]>(async (transaction, earlier) => {
    const { locked } = await lockHeads(transaction, users);
    if (earlier !== undefined && (await areThere(transaction, items, earlier))) return { result: earlier, writes: [] };
    const appender = new Appender(database.clock.now());
    const result = items.map(({ userId, update }) => appender.append(locked.get(userId) as Head, updateEntry(update)));
    return { result, writes: [...appender.statements(), saveHeads(locked.values())] };
  });
}

async function areThere(transaction: Transaction, items: readonly Item[], positions: Position[]): Promise<boolean> {
  for (const [i, { userId, update }] of items.entries()) {
    if (!(await isEntry(transaction, { userId, position: positions[i] ?? 0, update }))) return false;
  }
  return true;
}

export function createInboxStore(database: Database): InboxStore {
  return {
    append: async (items) => (items.length === 0 ? [] : append(database, items)),
    page: (userId, after, limit) => inboxPage(database, userId, after, limit),
    renew: (userId, epoch) => renewInbox(database, userId, epoch),
    confirm: (device) => confirm(database, device),
    async devices(userId) {
      return devicesOf(userId, await database.run(selectDevices(userId)));
    },
    trim: (olderThan, limit) => trimInboxes(database, olderThan, limit),
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}
