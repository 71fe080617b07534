/** Idle time after which the server ends a connection, in seconds. */
const WAIT_TIMEOUT_S = 60;

/**
 * Sent on every new connection, so that server defaults cannot change the meaning of our statements.
 *
 * - READ COMMITTED: each statement sees what is committed, so reads under a lock are current, and no gaps are locked.
 *   Rows that must not change while they are read are locked explicitly (see `lockHeads`).
 * - Strict mode, without NO_BACKSLASH_ESCAPES: values are never truncated, and the driver's escaping is safe.
 * - The timeout of a lock is half the deadline, which leaves time for a second attempt.
 * - A client that stalls within a transaction is disconnected, which frees its locks.
 */
export function sessionSettings(deadlineMs: number): string {
  const lockWaitS = Math.max(1, Math.floor(deadlineMs / 2_000));
  return [
    'SET NAMES utf8mb4 COLLATE utf8mb4_bin',
    'SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED',
    `SET SESSION sql_mode = 'STRICT_ALL_TABLES,NO_ENGINE_SUBSTITUTION', SESSION autocommit = 1,
      SESSION innodb_lock_wait_timeout = ${lockWaitS}, SESSION wait_timeout = ${WAIT_TIMEOUT_S}`,
  ].join(';\n');
}
