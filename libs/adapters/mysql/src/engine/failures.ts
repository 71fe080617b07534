import { engineError, ImError, isPermanent } from '@chasqui/domain';

/** The fields of a driver error. */
export interface DriverError extends Error {
  code?: string;
  /** Positive: the server's error number. Negative: the operating system's. */
  errno?: number;
  fatal?: boolean;
}

/** A concurrent call inserted the row first: reading again finds it. */
const DUPLICATE_KEY = 1062;
const LOCK_WAIT_TIMEOUT = 1205;
const DEADLOCK = 1213;

/** Transient errors of the server: the same work may succeed when repeated. */
const TRANSIENT: ReadonlySet<number> = new Set([
  ...[LOCK_WAIT_TIMEOUT, DEADLOCK],
  // Too many connections: in total, of this user.
  ...[1040, 1203, 1226],
  // The server is shutting down; a Galera node is not ready.
  ...[1053, 1077, 1078, 1079, 1080, 1047],
  // The network failed during a read or write of the server.
  ...[1158, 1159, 1160, 1161, 1184],
  // The server is read only: a failover is under way.
  ...[1290, 1792, 1836],
  // The connection was interrupted, killed, or disconnected as idle.
  ...[1317, 1927, 4031],
  // Group replication rolled the transaction back.
  ...[3100, 3101],
]);

/**
 * The value is invalid: too long, out of range, of the wrong type or character set, or the packet is too large. A
 * smaller batch may succeed.
 */
const REFUSED_VALUES = [1153, 1264, 1292, 1366, 1390, 1406, 3140];

/**
 * The statement is wrong, whatever the server's state: syntax (1064), a column or function that does not exist (1054,
 * 1305), one that is ambiguous (1052), a null or missing value (1048, 1364), numbers of columns or rows that do not fit
 * (1136, 1241, 1242), an aggregate at a wrong place (1111, 1140), a partition that does not exist (1735).
 */
const WRONG_STATEMENTS = [1048, 1052, 1054, 1064, 1111, 1136, 1140, 1241, 1242, 1305, 1364, 1735];

/** The server's error number; undefined if the server could not be reached. */
function serverErrno(error: unknown): number | undefined {
  const { errno } = error as DriverError;
  return errno !== undefined && errno > 0 ? errno : undefined;
}

/** Whether the server cannot be reached: the request itself is not at fault. */
export function isAway(error: unknown): boolean {
  const errno = serverErrno(error);
  if (errno !== undefined) return TRANSIENT.has(errno);
  return /^((?!ERR_)E[A-Z_]+|PROTOCOL_[A-Z_]+)$/.test((error as DriverError).code ?? '');
}

/** Whether a retry may succeed. */
export function isTransient(error: unknown): boolean {
  if (isAway(error) || hasErrno(error, DUPLICATE_KEY)) return true;
  return serverErrno(error) === undefined && (error as DriverError).fatal === true;
}

/** Whether the connection can be used again once the transaction is rolled back. */
export function leavesConnectionSound(error: unknown): boolean {
  return hasErrno(error, LOCK_WAIT_TIMEOUT, DEADLOCK, DUPLICATE_KEY);
}

export function hasErrno(error: unknown, ...numbers: readonly number[]): boolean {
  const errno = serverErrno(error);
  return errno !== undefined && numbers.includes(errno);
}

/** Whether the fault is in our SQL: no other server and no other time would take it. */
export function isOurFault(error: unknown): boolean {
  return hasErrno(error, ...WRONG_STATEMENTS);
}

/** The error as the adapter throws it. */
export function unavailable(error: unknown): ImError {
  if (error instanceof ImError) return error;
  const reason = error instanceof Error ? error.message : String(error);
  if (hasErrno(error, ...REFUSED_VALUES)) {
    return new ImError('unprocessable', 'MySQL permanently refuses this value', { reason }, error);
  }
  if (isOurFault(error)) {
    const { code, errno } = error as DriverError;
    return new ImError('internal', `MySQL rejects a statement of Chasqui (${code ?? errno})`, {}, error);
  }
  if (isPermanent(error)) return engineError(error, 'store_unavailable');
  return new ImError('store_unavailable', `MySQL: ${reason}`, {}, error);
}
