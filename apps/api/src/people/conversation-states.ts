import { encodeEvent, joinEvents } from '@chasqui/core';
import {
  CONVERSATION_TOPIC,
  ImError,
  isGroupId,
  type MessageId,
  type ReceiptEvent,
  type StateChange,
  shardOf,
  sparseState,
} from '@chasqui/domain';
import type { ChangedState, EntryKey } from '@chasqui/ports';
import { encodeServerFrame } from '@chasqui/protocol';
import type { ApiContext } from '../context.ts';

/**
 * Changes a user's state of a conversation and tells the user's devices. Whoever repeats a change that was done before
 * does nothing but what may have been missed of it. Errors: `message_not_found` with its field, `limit_reached`,
 * `store_unavailable`, `bus_unavailable`.
 */
export async function changeState(context: ApiContext, key: EntryKey, changes: StateChange): Promise<ChangedState> {
  await mustBeSeen(context, key, changes);
  const changed = await context.conversationStates.change(key, changes, context.clock.now());
  const { state, position } = changed;
  if (position !== null) {
    const { userId, conversationId } = key;
    const frame = { type: 'conversation_state', conversationId, state: sparseState(state), position } as const;
    // A device that misses it gets it on the next sync (C10).
    await context.router.route([{ userId, frame: encodeServerFrame(frame) }]);
  }
  if (changes.clearedUpTo) await readUpTo(context, key, changes.clearedUpTo);
  return changed;
}

/** An id that no message has yet would hide or clear what is still to come. */
async function mustBeSeen(
  { messages, access }: ApiContext,
  { userId, conversationId }: EntryKey,
  { hiddenUpTo = '', clearedUpTo = '' }: StateChange,
): Promise<void> {
  const named = Object.entries({ hiddenUpTo, clearedUpTo }).filter(([, messageId]) => messageId !== '');
  if (named.length === 0) return;
  const stored = await messages.get(named.map(([, messageId]) => ({ conversationId, messageId })));
  const found = await access.visible(userId, stored);
  for (const [i, [field]] of named.entries()) {
    if (found[i] == null) {
      throw new ImError('message_not_found', 'there is no such message in this conversation', { field });
    }
  }
}

/** Moves the user's read mark as a device would: Business tells the senders, and counts. */
async function readUpTo(
  { bus, clock, nodeId, conversations, groups }: ApiContext,
  key: EntryKey,
  messageId: MessageId,
): Promise<void> {
  const [entry] = await (isGroupId(key.conversationId) ? groups.headsOf([key]) : conversations.entries([key]));
  if (entry == null || entry.read.upTo >= messageId) return;
  const { userId: by, conversationId } = key;
  const read: ReceiptEvent = {
    type: 'receipt',
    conversationId,
    state: 'read',
    messageIds: [messageId],
    by,
    // An event names a device; this one comes from none.
    deviceId: nodeId,
    nodeId,
    at: clock.now(),
  };
  const shard = shardOf(conversationId, bus.shards(CONVERSATION_TOPIC));
  await bus.publish({ topic: CONVERSATION_TOPIC, shard, body: joinEvents([encodeEvent(read)]) });
}
