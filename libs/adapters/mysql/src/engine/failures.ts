import { engineError, ImError, isPermanent } from '@chasqui/domain';

/** What an error of the driver says of itself. */
export interface DriverError extends Error {
  code?: string;
  /** The server's number above zero; the operating system's, below. */
  errno?: number;
  fatal?: boolean;
}

/** Somebody was quicker: a second look finds what is there. */
const DUPLICATE_KEY = 1062;
const LOCK_WAIT_TIMEOUT = 1205;
const DEADLOCK = 1213;

/** The server's errors that are over soon: the same work may well succeed when it is done again. */
const TRANSIENT: ReadonlySet<number> = new Set([
  ...[LOCK_WAIT_TIMEOUT, DEADLOCK],
  // Too many connections: of all, of this user.
  ...[1040, 1203, 1226],
  // Shutting down; a Galera node that is not ready.
  ...[1053, 1077, 1078, 1079, 1080, 1047],
  // The network failed while the server read or wrote.
  ...[1158, 1159, 1160, 1161, 1184],
  // Read only: a failover is under way.
  ...[1290, 1792, 1836],
  // Interrupted, killed, disconnected for its silence.
  ...[1317, 1927, 4031],
  // Group replication rolled it back.
  ...[3100, 3101],
]);

/**
 * The value is at fault: too long, out of range, not of the column's type or character set, a packet too large. A smaller batch
 * may pass.
 */
const REFUSED_VALUES = [1153, 1264, 1292, 1366, 1390, 1406, 3140];

/** The number by which the server said no; undefined: it could not be asked. */
function serverErrno(error: unknown): number | undefined {
  const { errno } = error as DriverError;
  return errno !== undefined && errno > 0 ? errno : undefined;
}

/** Whether the server, or the way to it, is away: nothing is wrong with what was asked. */
export function isAway(error: unknown): boolean {
  const errno = serverErrno(error);
  if (errno !== undefined) return TRANSIENT.has(errno);
  return /^((?!ERR_)E[A-Z_]+|PROTOCOL_[A-Z_]+)$/.test((error as DriverError).code ?? '');
}

/** Whether it makes sense to try again. */
export function isTransient(error: unknown): boolean {
  if (isAway(error) || hasErrno(error, DUPLICATE_KEY)) return true;
  return serverErrno(error) === undefined && (error as DriverError).fatal === true;
}

/** Whether the connection is as good as before once the transaction is rolled back. */
export function leavesConnectionSound(error: unknown): boolean {
  return hasErrno(error, LOCK_WAIT_TIMEOUT, DEADLOCK, DUPLICATE_KEY);
}

export function hasErrno(error: unknown, ...numbers: readonly number[]): boolean {
  const errno = serverErrno(error);
  return errno !== undefined && numbers.includes(errno);
}

/** As it leaves the adapter. */
export function unavailable(error: unknown): ImError {
  if (error instanceof ImError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (hasErrno(error, ...REFUSED_VALUES)) {
    return new ImError('unprocessable', 'MySQL permanently refuses this value', { reason }, error);
  }
  if (isPermanent(error)) return engineError(error, 'store_unavailable');
  return new ImError('store_unavailable', `MySQL: ${reason}`, {}, error);
}
