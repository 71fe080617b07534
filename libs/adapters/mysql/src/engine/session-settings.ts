/** A connection that says nothing for so long is ended by the server, in seconds. */
const WAIT_TIMEOUT_S = 60;

/**
 * Said on every new connection, so that no server's defaults change what our statements mean.
 *
 * - READ COMMITTED: each statement sees what is committed, so what is read under a lock is the truth, and no gaps are
 *   locked. What must not change while it is looked at is locked by name (see `lockHeads`).
 * - Strict mode, without NO_BACKSLASH_ESCAPES: nothing is cut to fit, and the driver's escaping holds.
 * - A lock is waited for no longer than half the deadline, so that there is time for a second try.
 * - A client that stands still in the middle of a transaction is disconnected, which frees its locks.
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
