import { DEFAULT_LIMITS, type Position, type UserId } from '@chasqui/domain';
import type { DevicePosition } from '@chasqui/ports';
import type { Answer, Database, Statement } from '../engine/index.ts';
import { lockHead } from './log-heads.ts';

const SAVE = `INSERT INTO device_positions (user_id, device_id, position, at) VALUES (?, ?, ?, ?)
  ON DUPLICATE KEY UPDATE position = VALUES(position), at = VALUES(at)`;
const FORGET = 'DELETE FROM device_positions WHERE user_id = ? AND device_id IN (?)';

export interface Progress {
  before: Position;
  now: Position;
}

export function selectDevices(userId: UserId): Statement {
  return { sql: 'SELECT device_id, position, at FROM device_positions WHERE user_id = ?', values: [userId] };
}

export function devicesOf(userId: UserId, answer: Answer | undefined): DevicePosition[] {
  return (answer?.rows ?? []).map((row) => {
    const [deviceId, position, at] = row as [string, number, number];
    return { userId, deviceId, position, at };
  });
}

/** See `UpdateLog.confirm`. */
export function confirm(database: Database, { userId, deviceId, position, at }: DevicePosition): Promise<Progress> {
  return database.transaction<Progress>(async (transaction, earlier) => {
    const [heads, found] = await transaction.query([lockHead(userId), selectDevices(userId)]);
    const head = (heads?.rows[0]?.[1] ?? 0) as Position;
    const known = devicesOf(userId, found);
    const own = known.find((device) => device.deviceId === deviceId);
    const before = Math.max(0, ...known.map((device) => device.position));
    const stood = own?.position ?? 0;
    const stands = Math.max(stood, Math.min(position, head));
    if (stands === stood) {
      const ours = earlier !== undefined && own?.at === at;
      return { result: ours ? earlier : { before, now: before }, writes: [] };
    }
    return {
      result: { before, now: Math.max(before, stands) },
      writes: [{ sql: SAVE, values: [userId, deviceId, stands, at] }, ...forget(known, userId, deviceId)],
    };
  });
}

/** Limits the number of a user's devices; the device that confirms is kept. */
function forget(known: readonly DevicePosition[], userId: UserId, confirming: string): Statement[] {
  const others = known.filter(({ deviceId }) => deviceId !== confirming);
  const beyond = others.length + 1 - DEFAULT_LIMITS.maxDevicesPerUser;
  if (beyond <= 0) return [];
  const oldest = others.sort((a, b) => a.at - b.at).slice(0, beyond);
  return [{ sql: FORGET, values: [userId, oldest.map(({ deviceId }) => deviceId)] }];
}
