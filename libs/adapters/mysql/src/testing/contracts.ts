import {
  apiKeyStoreContract,
  attachmentStoreContract,
  auditLogContract,
  conversationStatesContract,
  conversationsContract,
  deviceStoreContract,
  erasureStoreContract,
  groupsContract,
  holdStoreContract,
  loginStoreContract,
  messageStoreContract,
  momentsContract,
  movableStoreContract,
  profileStoreContract,
  publicPicturesContract,
  pushOutcomesContract,
  reactionStoreContract,
  relationsContract,
  revocationStoreContract,
  serverEventsContract,
  storeProgressContract,
  sweepStoreContract,
  userStoreContract,
} from '@chasqui/contracts';
import { Who } from '../groups/totals.ts';
import { boundedReads } from './bounded-reads.ts';
import { conversationsOf, runSql, Scratch } from './scratch.ts';

/** The contract suites of every port of this package, on a server. */
export function mysqlContracts(name: string, url: string): void {
  // In some cases hundreds of calls wait for one row, and a busy machine is slow.
  const scratch = new Scratch(url, { deadlineMs: 30_000 });
  const conversations = scratch.harness(conversationsOf);
  conversationsContract(name, {
    ...conversations,
    async spoilCount(userId, conversationId, count) {
      const { address } = conversations.current();
      const where = `user_id = '${userId}' AND conversation_id = '${conversationId}'`;
      await runSql(
        conversations.current(),
        `UPDATE conversation_entries SET unread = ${count} WHERE ${where}`,
        address.database,
      );
    },
  });
  const groups = scratch.harness(({ conversations, groups, logs, profiles }) => ({
    conversations,
    groups,
    logs,
    profiles,
  }));
  groupsContract(name, {
    ...groups,
    async spoilCount(userId, conversationId, count, mentions) {
      const { address } = groups.current();
      const total = (who: string) =>
        `COALESCE((SELECT MAX(total) FROM group_totals WHERE conversation_id = '${conversationId}' AND who = '${who}'), 0)`;
      const others = `${total(Who.messages)} - ${total(Who.own(userId))}`;
      const mentioned = `${total(Who.toAll)} - ${total(Who.ownToAll(userId))} + ${total(Who.named(userId))}`;
      const where = `user_id = '${userId}' AND conversation_id = '${conversationId}'`;
      const set = `read_others = ${others} - ${count}, read_mentions = ${mentioned} - ${mentions}`;
      const sql = `UPDATE group_members SET ${set} WHERE ${where}`;
      await runSql(groups.current(), sql, address.database);
    },
  });
  boundedReads(name, scratch);
  messageStoreContract(name, scratch.messagesHarness());
  conversationStatesContract(
    name,
    scratch.harness(({ conversations, conversationStates, logs }) => ({ conversations, conversationStates, logs })),
  );
  storeProgressContract(
    name,
    scratch.harness(({ storeProgress, logs }) => ({ storeProgress, logs })),
  );
  movableStoreContract(
    name,
    scratch.harness(({ movable, conversations, conversationStates, groups, logs }) => ({
      ...{ movable, conversations, conversationStates, groups, logs },
    })),
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
    scratch.harness(({ moments, momentReplies, momentPictures, logs }) => ({
      moments,
      momentReplies,
      momentPictures,
      logs,
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
  apiKeyStoreContract(
    name,
    scratch.harness(({ apiKeys }) => apiKeys),
  );
  erasureStoreContract(
    name,
    scratch.harness(({ erasures }) => erasures),
  );
  holdStoreContract(
    name,
    scratch.harness(({ holds }) => holds),
  );
  sweepStoreContract(
    name,
    scratch.harness(({ sweeps }) => sweeps),
  );
  auditLogContract(
    name,
    scratch.harness(({ auditLog }) => auditLog),
  );
  pushOutcomesContract(
    name,
    scratch.harness(({ pushOutcomes }) => pushOutcomes),
  );
  serverEventsContract(
    name,
    scratch.harness(({ serverEvents, webhooks }) => ({ serverEvents, webhooks })),
  );
  attachmentStoreContract(
    name,
    scratch.harness(({ attachments, conversations, holds }) => ({ attachments, conversations, holds })),
  );
  publicPicturesContract(
    name,
    scratch.harness(({ attachments, conversations, profiles, groups, holds }) => ({
      ...{ attachments, conversations, profiles, groups, holds },
    })),
  );
  reactionStoreContract(
    name,
    scratch.harness(({ reactions, conversations, logs }) => ({ reactions, conversations, logs })),
  );
}
