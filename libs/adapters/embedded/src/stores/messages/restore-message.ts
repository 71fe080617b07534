import { encodeMessage, encodeSteps, type MessageStatus, type StoredMessage, statusRank } from '@chasqui/domain';
import type { StoreContext } from '../store-context.ts';

/** A whole message, as the worker receives it. */
export interface RestoredFields {
  conversationId: string;
  messageId: string;
  from: string;
  audience: string[];
  text: string;
  steps: string;
  revision: number;
  recalledAt: number | null;
  statuses: [member: string, rank: number][];
}

const CHANGE = 'UPDATE messages SET revision = ?, recalled_at = ? WHERE seq = ?';
/** Their steps are among those of the message. */
const STATUS = "INSERT INTO progress VALUES (?, ?, ?, '')";

export function restoredFields(message: StoredMessage): RestoredFields {
  const { conversationId, messageId, from, audience, steps, revision, recalledAt = null } = message;
  const statuses = Object.entries(message.statuses).map(([member, status]): RestoredFields['statuses'][number] => [
    member,
    statusRank(status as MessageStatus),
  ]);
  const { text } = encodeMessage(message);
  const key = { conversationId, messageId, from, audience: [...audience] };
  return { ...key, text, steps: encodeSteps(steps), revision, recalledAt, statuses };
}

/** See `MessageStore.restore`. */
export function restoreMessage({ db, messages, names }: StoreContext, fields: RestoredFields): void {
  const { conversationId, messageId: id, from, audience, text: body, steps, revision, recalledAt, statuses } = fields;
  const conversation = names.conversationId(conversationId);
  messages.remove(conversation, id);
  const sender = names.userId(from);
  messages.add({ id, conversation, steps, body, sender, audience: audience.map((log) => names.userId(log)) });
  const seq = messages.find(conversation, id);
  if (seq === undefined) throw new Error(`message ${id} was added and is not there`);
  if (revision > 0) db.run(CHANGE, revision, recalledAt, seq);
  for (const [member, rank] of statuses) if (rank > 0) db.run(STATUS, seq, names.userId(member), rank);
}
