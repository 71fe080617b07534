import { DEFAULT_LIMITS, directPeer, type LogEntry, type LogUpdate, parseLogUpdate } from '@chasqui/domain';
import { type DevicePosition, logEpoch } from '@chasqui/ports';
import { parsed } from '../../sqlite/stored-json.ts';
import type { Handlers } from '../../worker-link/caller.ts';
import type { StoreContext } from '../store-context.ts';
import type { StoreOperations } from '../store-operations.ts';
import { EntryType, type LogRow } from './log-row.ts';
import { trimLog, trimLogs } from './trim-logs.ts';
import type { User } from './users.ts';

type LogOperations = Handlers<Pick<StoreOperations, Extract<keyof StoreOperations, `logs.${string}`>>>;

/** Below every message id. */
const NOTHING = '0'.repeat(24);
/** Keeps the confirming device and a limited number of others. */
const FORGET_OLDEST = `DELETE FROM devices WHERE user = ? AND device IN
  (SELECT device FROM devices WHERE user = ? AND device <> ? ORDER BY at DESC LIMIT -1 OFFSET ?)`;

/** Replaces a damaged update, as positions have no gaps (C10): it reports that nothing was read. */
function emptyUpdate({ conversations }: StoreContext, user: User, at: number): LogUpdate {
  const [any] = conversations.ofUser(user);
  return { type: 'read', conversationId: any?.conversation.name ?? '', upTo: NOTHING, at };
}

function entryOf(store: StoreContext, user: User, row: LogRow, position: number): LogEntry {
  if (row.type === EntryType.update) {
    const name = () => `update ${position} of the inbox of ${user.name}`;
    return { ...parsed(store.db, row.body, name, parseLogUpdate, () => emptyUpdate(store, user, row.at)), position };
  }
  const { name } = store.conversations.byId(row.conversation ?? 0);
  const from = row.sender === null ? (directPeer(name, user.name) ?? '') : store.users.byId(row.sender).name;
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

export function logOperations(store: StoreContext): LogOperations {
  return {
    'logs.append'(items, now) {
      const positions: number[] = [];
      for (let i = 0; i < items.length; i += 2)
        positions.push(store.journal.append(store.users.obtain(items[i] ?? ''), items[i + 1] ?? '', now));
      return positions;
    },
    'logs.page'([log, after, limit]) {
      const { epoch } = store;
      const user = store.users.find(log);
      if (user === undefined) return { entries: [], head: 0, floor: 0, epoch };
      const start = Math.max(after, user.floor);
      const rows = store.logs.page(user, after, limit);
      const entries = rows.map((row, i) => entryOf(store, user, row, start + 1 + i));
      return { entries, head: user.head, floor: user.floor, epoch: logEpoch(epoch, user.life) };
    },
    'logs.renew'([log, epoch]) {
      const user = store.users.obtain(log);
      if (logEpoch(store.epoch, user.life) !== epoch) return null;
      user.life++;
      store.db.run('INSERT OR REPLACE INTO lives VALUES (?, ?)', user.id, user.life);
      return null;
    },
    'logs.confirm': (device) => confirm(store, device),
    'logs.devices'(userId) {
      const user = store.users.find(userId);
      return user === undefined ? [] : devices(store, user);
    },
    'logs.trim': ([olderThan, limit]) => trimLogs(store, olderThan, limit),
    'logs.clear'([log, limit]) {
      const user = store.users.find(log);
      if (user === undefined) return 0;
      store.db.run('DELETE FROM devices WHERE user = ?', user.id);
      return trimLog(store, user, Number.POSITIVE_INFINITY, limit);
    },
  };
}
