import {
  auditLogContract,
  deviceStoreContract,
  loginStoreContract,
  momentsContract,
  profileStoreContract,
  pushOutcomesContract,
  relationsContract,
  revocationStoreContract,
  sessionsContract,
  storeProgressContract,
  userStoreContract,
} from '@chasqui/contracts';
import { ledgerOf, runSql, Scratch } from './scratch.ts';

/** The contract suites of all that is here, on a server. */
export function mysqlContracts(name: string, url: string): void {
  // Hundreds of calls wait for one row in some cases, and a busy machine takes its time.
  const scratch = new Scratch(url, { deadlineMs: 30_000 });
  const ledger = scratch.harness(ledgerOf);
  sessionsContract(name, {
    ...ledger,
    async spoilCount(userId, conversationId, count) {
      const { address } = ledger.current();
      const where = `user_id = '${userId}' AND conversation_id = '${conversationId}'`;
      await runSql(ledger.current(), `UPDATE sessions SET unread = ${count} WHERE ${where}`, address.database);
    },
  });
  storeProgressContract(
    name,
    scratch.harness(({ storeProgress, inboxes }) => ({ storeProgress, inboxes })),
  );
  userStoreContract(
    name,
    scratch.harness(({ users }) => users),
  );
  profileStoreContract(
    name,
    scratch.harness(({ profiles }) => profiles),
  );
  relationsContract(
    name,
    scratch.harness(({ contacts, blocks }) => ({ contacts, blocks })),
  );
  momentsContract(
    name,
    scratch.harness(({ moments, momentReplies, momentPictures, inboxes }) => ({
      moments,
      momentReplies,
      momentPictures,
      inboxes,
    })),
  );
  deviceStoreContract(
    name,
    scratch.harness(({ devices }) => devices),
  );
  revocationStoreContract(
    name,
    scratch.harness(({ revocations }) => revocations),
  );
  loginStoreContract(
    name,
    scratch.harness(({ logins }) => logins),
  );
  auditLogContract(
    name,
    scratch.harness(({ auditLog }) => auditLog),
  );
  pushOutcomesContract(
    name,
    scratch.harness(({ pushOutcomes }) => pushOutcomes),
  );
}
