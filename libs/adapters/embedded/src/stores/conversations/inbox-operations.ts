import { conversationOf, DEFAULT_LIMITS, type InboxEntry, type InboxUpdate } from '@chasqui/domain';
import { type DevicePosition, inboxEpoch } from '@chasqui/ports';
import { storedJson } from '../../sqlite/stored-json.ts';
import type { Handlers } from '../../worker-link/caller.ts';
import type { StoreContext } from '../store-context.ts';
import type { StoreOperations } from '../store-operations.ts';
import { EntryType, type InboxRow } from './inbox-row.ts';
import { trimInboxes } from './trim-inboxes.ts';
import type { User } from './users.ts';

type InboxOperations = Handlers<Pick<StoreOperations, Extract<keyof StoreOperations, `inboxes.${string}`>>>;

/** Below every message id. */
const NOTHING = '0'.repeat(24);
/** Keeps the device that confirms and so many others. */
const FORGET_OLDEST = `DELETE FROM devices WHERE user = ? AND device IN
  (SELECT device FROM devices WHERE user = ? AND device <> ? ORDER BY at DESC LIMIT -1 OFFSET ?)`;

/** Takes the place of an update that is damaged, as positions have no gaps (C10): it says that nothing was read. */
function emptyUpdate({ db, conversations }: StoreContext, user: User, at: number): InboxUpdate {
  const any = db.get('SELECT conversation FROM members WHERE user = ? LIMIT 1', user.id)?.[0];
  const conversationId =
    any === undefined ? conversationOf(user.name, user.name) : conversations.byId(Number(any)).name;
  return { type: 'read', conversationId, upTo: NOTHING, at };
}

function entryOf(store: StoreContext, user: User, row: InboxRow, position: number): InboxEntry {
  if (row.type === EntryType.update) {
    const name = () => `update ${position} of the inbox of ${user.name}`;
    return { ...storedJson<InboxUpdate>(store.db, row.body, name, () => emptyUpdate(store, user, row.at)), position };
  }
  const { name, names, users } = store.conversations.byId(row.conversation ?? 0);
  const own = users[0] === user.id ? 0 : 1;
  const from = names[row.type === EntryType.outgoing ? own : 1 - own] ?? '';
  return { type: 'message', conversationId: name, messageId: row.ref ?? '', from, clientMessageId: row.body, position };
}

function devices({ db }: StoreContext, user: User): DevicePosition[] {
  return db
    .all('SELECT device, position, at FROM devices WHERE user = ?', user.id)
    .map(([deviceId, position, at]) => ({ userId: user.name, deviceId, position, at }) as DevicePosition);
}

function confirm(store: StoreContext, { userId, deviceId, position, at }: DevicePosition) {
  const user = store.users.find(userId);
  if (user === undefined) return { before: 0, now: 0 };
  const known = devices(store, user);
  const before = Math.max(0, ...known.map((device) => device.position));
  const stood = known.find((device) => device.deviceId === deviceId)?.position ?? 0;
  const stands = Math.max(stood, Math.min(position, user.head));
  if (stands > stood) {
    store.db.run('INSERT OR REPLACE INTO devices VALUES (?, ?, ?, ?)', user.id, deviceId, stands, at);
    if (known.length >= DEFAULT_LIMITS.maxDevicesPerUser) {
      store.db.run(FORGET_OLDEST, user.id, user.id, deviceId, DEFAULT_LIMITS.maxDevicesPerUser - 1);
    }
  }
  return { before, now: Math.max(before, stands) };
}

export function inboxOperations(store: StoreContext): InboxOperations {
  return {
    'inboxes.append'(items, now) {
      const positions: number[] = [];
      for (let i = 0; i < items.length; i += 2) {
        const user = store.users.obtain(items[i] ?? '');
        const row: InboxRow = {
          at: now,
          type: EntryType.update,
          conversation: null,
          ref: null,
          body: items[i + 1] ?? '',
          previous: 0,
        };
        positions.push(store.journal.append(user, row));
      }
      return positions;
    },
    'inboxes.page'([userId, after, limit]) {
      const { epoch } = store;
      const user = store.users.find(userId);
      if (user === undefined) return { entries: [], head: 0, floor: 0, epoch };
      const start = Math.max(after, user.floor);
      const rows = store.inboxes.page(user, after, limit);
      const entries = rows.map((row, i) => entryOf(store, user, row, start + 1 + i));
      return { entries, head: user.head, floor: user.floor, epoch: inboxEpoch(epoch, user.life) };
    },
    'inboxes.renew'([userId, epoch]) {
      const user = store.users.obtain(userId);
      if (inboxEpoch(store.epoch, user.life) !== epoch) return null;
      user.life++;
      store.db.run('INSERT OR REPLACE INTO lives VALUES (?, ?)', user.id, user.life);
      return null;
    },
    'inboxes.confirm': (device) => confirm(store, device),
    'inboxes.devices'(userId) {
      const user = store.users.find(userId);
      return user === undefined ? [] : devices(store, user);
    },
    'inboxes.trim': ([olderThan, limit]) => trimInboxes(store, olderThan, limit),
  };
}
