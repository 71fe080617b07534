import type { LogId, LogUpdate, Position } from '@chasqui/domain';
import type { UpdateLog } from '@chasqui/ports';
import type { Database, Transaction } from '../engine/index.ts';
import { confirm, devicesOf, selectDevices } from './device-positions.ts';
import { type Head, lockHeads, saveHeads } from './log-heads.ts';
import { logPage, renewLog } from './log-page.ts';
import { Appender, isEntry, updateEntry } from './log-rows.ts';
import { trimLog, trimLogs } from './trim-logs.ts';

const FORGET_DEVICES = 'DELETE FROM device_positions WHERE user_id = ?';

interface Item {
  log: LogId;
  update: LogUpdate;
}

/** See `UpdateLog.append`. */
function append(database: Database, items: readonly Item[]): Promise<Position[]> {
  const logs = items.map(({ log }) => log);
  return database.transaction<Position[]>(async (transaction, earlier) => {
    const { locked } = await lockHeads(transaction, logs);
    if (earlier !== undefined && (await areThere(transaction, items, earlier))) return { result: earlier, writes: [] };
    const appender = new Appender(database.clock.now());
    const result = items.map(({ log, update }) => appender.append(locked.get(log) as Head, updateEntry(update)));
    return { result, writes: [...appender.statements(), saveHeads(locked.values())] };
  });
}

async function areThere(transaction: Transaction, items: readonly Item[], positions: Position[]): Promise<boolean> {
  for (const [i, { log, update }] of items.entries()) {
    if (!(await isEntry(transaction, { log, position: positions[i] ?? 0, update }))) return false;
  }
  return true;
}

export function createUpdateLog(database: Database): UpdateLog {
  return {
    append: async (items) => (items.length === 0 ? [] : append(database, items)),
    page: (log, after, limit) => logPage(database, log, after, limit),
    renew: (log, epoch) => renewLog(database, log, epoch),
    confirm: (device) => confirm(database, device),
    async devices(userId) {
      return devicesOf(userId, await database.run(selectDevices(userId)));
    },
    trim: (olderThan, limit) => trimLogs(database, olderThan, limit),
    async clear(log, limit) {
      await database.run({ sql: FORGET_DEVICES, values: [log] });
      return trimLog(database, log, Number.POSITIVE_INFINITY, limit);
    },
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}
