import type { ConversationId, MessageId, ServerEvent } from '@chasqui/domain';
import { groupBy } from '../history.ts';
import type { Outcome } from '../outcome.ts';
import type { Identity } from '../records.ts';
import { type Violation, violation } from '../violation.ts';

/** A request that a webhook receiver got. `taken`: it noted the event, even if its answer was lost. */
export interface WebhookRequest {
  event: Pick<ServerEvent<'message.stored'>, 'id' | 'key'> & { data: { content: { text?: string } } };
  taken: boolean;
}

/** A message that its conversation's log has. */
export interface LoggedMessage {
  messageId: MessageId;
  conversationId: ConversationId;
  identity: Identity;
  text: string;
}

/** Those of direct conversations, in their order, which is the same for both users. */
export function directMessages({ messages, inboxes }: Pick<Outcome, 'messages' | 'inboxes'>): LoggedMessage[] {
  const texts = new Map(messages.map(({ messageId, text }) => [messageId, text]));
  const found = new Map<MessageId, LoggedMessage>();
  for (const update of inboxes.flatMap(({ updates }) => updates)) {
    if (update.type !== 'message' || found.has(update.messageId)) continue;
    const { messageId, conversationId, identity } = update;
    found.set(messageId, { messageId, conversationId, identity, text: texts.get(messageId) ?? '' });
  }
  return [...found.values()];
}

export const eventIdOf = ({ messageId }: Pick<LoggedMessage, 'messageId'>) => `message-${messageId}`;

/**
 * What docs/webhooks.md promises of `message.stored`: each message is told at least once; none is asked for before the one
 * ahead of it in its conversation was taken; and nothing else is told. `logged`: those of a conversation in order;
 * `requests`: in order.
 */
export function checkWebhooks(logged: readonly LoggedMessage[], requests: readonly WebhookRequest[]): Violation[] {
  const told = new Map(logged.map((message) => [eventIdOf(message), message]));
  return [...invented(told, requests), ...missing(told, requests), ...overtaking(told, requests)];
}

function invented(told: ReadonlyMap<string, LoggedMessage>, requests: readonly WebhookRequest[]): Violation[] {
  return requests.flatMap(({ event: { id, key, data } }) => {
    const known = told.get(id);
    if (known !== undefined && known.conversationId === key && known.text === data.content.text) return [];
    const identities = known === undefined ? [] : [known.identity];
    return [violation('webhooks', `a receiver is told of ${id} of ${key}, and no inbox has it so`, ...identities)];
  });
}

function missing(told: ReadonlyMap<string, LoggedMessage>, requests: readonly WebhookRequest[]): Violation[] {
  const taken = new Set(requests.filter(({ taken }) => taken).map(({ event }) => event.id));
  return [...told]
    .filter(([eventId]) => !taken.has(eventId))
    .map(([eventId, { identity }]) => violation('webhooks', `no receiver has ${eventId}`, identity));
}

function overtaking(told: ReadonlyMap<string, LoggedMessage>, requests: readonly WebhookRequest[]): Violation[] {
  const ahead = new Map<string, string>();
  for (const own of groupBy(told.values(), ({ conversationId }) => conversationId).values()) {
    for (const [index, message] of own.entries()) {
      const before = own[index - 1];
      if (before !== undefined) ahead.set(eventIdOf(message), eventIdOf(before));
    }
  }
  const taken = new Set<string>();
  const faults: Violation[] = [];
  for (const { event, taken: isTaken } of requests) {
    const before = ahead.get(event.id);
    if (before !== undefined && !taken.has(before)) {
      const text = `a receiver is told of ${event.id} before it has ${before}`;
      faults.push(violation('webhooks', text, told.get(event.id)?.identity ?? ''));
    }
    if (isTaken) taken.add(event.id);
  }
  return faults;
}
