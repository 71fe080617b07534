import type { UserRecord, UserStore } from '@chasqui/ports';
import type { Answer, Database, Statement } from '../engine/index.ts';

const CREATE = 'INSERT INTO accounts (user_id, password_hash, display_name, created_at) VALUES (?, ?, ?, ?)';
/** Instead of a hash: the user was erased, and the row keeps the id taken. */
const ERASED = '';
const ERASE = `INSERT INTO accounts (user_id, password_hash, display_name, created_at) VALUES (?, ?, '', 0)
  ON DUPLICATE KEY UPDATE password_hash = VALUES(password_hash), display_name = '', created_at = 0`;
const CHANGE = 'UPDATE accounts SET password_hash = ? WHERE user_id = ? AND password_hash = ?';

function select(userId: string): Statement {
  return { sql: 'SELECT password_hash, display_name, created_at FROM accounts WHERE user_id = ?', values: [userId] };
}

function recordOf(userId: string, answer: Answer | undefined): UserRecord | null {
  const [row] = answer?.rows ?? [];
  if (row === undefined) return null;
  const [passwordHash, displayName, createdAt] = row as [string, string, number];
  if (passwordHash === ERASED) return null;
  return { userId, passwordHash, displayName, createdAt };
}

export function createUserStore(database: Database): UserStore {
  return {
    /** If two calls create at once, the second finds the key taken when it writes, and retries. */
    create: (user) =>
      database.transaction<boolean>(async (transaction, earlier) => {
        const { userId, passwordHash, displayName, createdAt } = user;
        const [answer] = await transaction.query([select(userId)]);
        if (answer?.rows.length === 1) {
          return { result: earlier === true && recordOf(userId, answer)?.passwordHash === passwordHash, writes: [] };
        }
        return { result: true, writes: [{ sql: CREATE, values: [userId, passwordHash, displayName, createdAt] }] };
      }),
    async get(userId) {
      return recordOf(userId, await database.run(select(userId)));
    },
    /** If the stored hash is the new one already, an earlier attempt's answer was lost. */
    async changePassword(userId, from, to) {
      const { affected } = await database.run({ sql: CHANGE, values: [to, userId, from] });
      return (
        affected === 1 ||
        (await database.run(select(userId)).then((answer) => recordOf(userId, answer)))?.passwordHash === to
      );
    },
    async erase(userId) {
      await database.run({ sql: ERASE, values: [userId, ERASED] });
    },
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}
