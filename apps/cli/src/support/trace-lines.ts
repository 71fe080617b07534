import {
  isGroupId,
  type MessageStatus,
  overallStatus,
  type PushOutcome,
  recipientOf,
  type StoredMessage,
  type TraceState,
  type TraceStep,
} from '@chasqui/domain';

/** An explanation of each state for a first-time reader. */
const MEANINGS = {
  sending: "the sender's node accepted it",
  dispatching: 'sent to the bus and to connected devices',
  queued: 'the bus holds it durably; the sender got send_ack',
  storing: 'a Business process began to write history and inboxes',
  stored: 'committed; the sender got server_ack',
  pushed_live: 'a socket of the receiver accepted it',
  offline: 'no device of the receiver was online, or none acked in time; the sender got "unread"',
  indexed: "it waits in the receiver's inbox; a notification was requested",
  push_sent: 'a push provider accepted the notification',
  awaiting_sync: 'waiting for a device of the receiver to connect',
  syncing: 'a device of the receiver requested missing updates',
  awaiting_confirmation: 'the page with the message was sent to the device',
  synced: 'the device confirmed the message',
  delivered: 'a device of the receiver has it; the sender got "delivered"',
  read: 'the receiver read it; the sender got "read"',
  edited: 'its sender edited it for the first time',
  recalled: 'the sender recalled it; its content is deleted',
} as const satisfies Record<TraceState, string>;

const IN_GROUP = "in the history and the group's log";

const NOW = {
  stored: 'in history and inboxes; no device has acked it yet',
  unread: 'waits for the receiver, who is offline',
  delivered: 'a device of the receiver has it',
  read: 'the receiver read it',
} as const satisfies Record<MessageStatus, string>;

/** A message's trace as lines for a terminal. */
export function traceLines(
  message: StoredMessage,
  steps: readonly TraceStep[],
  push: readonly PushOutcome[],
): string[] {
  const { messageId, from, fromDevice, conversationId, clientMessageId, recalledAt, sentAt } = message;
  const { to = conversationId } = recipientOf(message);
  const status = overallStatus(message);
  const width = Math.max(...steps.map(({ node }) => node.length));
  const taken = recalledAt === undefined ? '' : '; recalled';
  return [
    `message    ${messageId}`,
    `from       ${from} (device ${fromDevice}, clientMessageId ${clientMessageId})`,
    `to         ${to}`,
    `now        ${status}: ${isGroupId(conversationId) ? IN_GROUP : NOW[status]}${taken}`,
    '',
    ...steps.map(({ state, at, node, retries }) => {
      const tries =
        retries === undefined ? '' : ` (after ${retries === 1 ? 'a failed try' : `${retries} failed tries`})`;
      return `${state.replaceAll('_', ' ').padEnd(22)}${when(at, sentAt)}  ${node.padEnd(width)}  ${MEANINGS[state]}${tries}`;
    }),
    ...(push.length === 0 ? [] : ['', 'notifications']),
    ...push.map(
      ({ deviceId, result, provider, reason, attempts, at, node }) =>
        `${result.replaceAll('_', ' ').padEnd(22)}${when(at, sentAt)}  ${node.padEnd(width)}  ${deviceId || 'no device'}: ${[provider, reason].filter(Boolean).join(', ')}; requests: ${attempts}`,
    ),
  ];
}

function when(at: number, since: number): string {
  return `${new Date(at).toISOString()} ${`+${at - since} ms`.padStart(12)}`;
}
