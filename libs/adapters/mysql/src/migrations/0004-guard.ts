import { type Migration, TABLE } from './migration.ts';

/** Refused users and addresses, and the acts of operators. */
export const guard: Migration = {
  version: 4,
  name: 'disabled users, log-ins and the audit log',
  statements: [
    `CREATE TABLE IF NOT EXISTS disabled_users (
      user_id VARCHAR(64) NOT NULL,
      at BIGINT NOT NULL,
      PRIMARY KEY (user_id)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS logins (
      user_id VARCHAR(64) NOT NULL,
      login_id CHAR(32) NOT NULL,
      step INT NOT NULL,
      at BIGINT NOT NULL,
      PRIMARY KEY (user_id, login_id),
      KEY by_age (at)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS audit_log (
      entry_id CHAR(24) NOT NULL,
      begun_by VARCHAR(24) NOT NULL,
      at BIGINT NOT NULL,
      actor VARCHAR(128) NOT NULL,
      action VARCHAR(32) NOT NULL,
      target VARCHAR(64) NOT NULL,
      outcome VARCHAR(16) NOT NULL,
      detail VARCHAR(200) NOT NULL,
      PRIMARY KEY (entry_id),
      KEY by_target (target, entry_id),
      KEY by_age (at)
    ) ${TABLE}`,
  ],
};
