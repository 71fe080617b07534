import {
  addresseesOf,
  decodeSteps,
  type EncodedMessage,
  encodeMessage,
  encodeSteps,
  type MessageStep,
  type MessageValue,
  messageOf,
  type StoredMessage,
  statusRank,
} from '@chasqui/domain';
import type { MessageKey } from '@chasqui/ports';
import type { Row } from '../engine/index.ts';
import { encodeStatuses, shownStatuses } from './addressee-statuses.ts';

/** In the order of `putRow` and of what `storedMessage` reads. */
export const COLUMNS = 'conversation_id, message_id, audience, statuses, revision, recalled_at, steps, body';

export type PutMessage = EncodedMessage & { steps: MessageStep[] };

/** A new message: its text unchanged, *stored* for each addressee. */
export function putRow({ message, text, steps }: PutMessage): Row {
  const { conversationId, messageId, audience } = message;
  const statuses = encodeStatuses(new Map(addresseesOf(message).map((member) => [member, 0])));
  return [conversationId, messageId, audience.join(','), statuses, 0, null, encodeSteps(steps), text];
}

/** A message of another store, with its text. */
export type RestoredMessage = PutMessage & { message: StoredMessage };

export function restored(message: StoredMessage): RestoredMessage {
  return { ...encodeMessage(message), message, steps: message.steps };
}

/** The row of a message with all that happened to it. */
export function restoredRow({ message, text, steps }: RestoredMessage): Row {
  const [conversationId, messageId, audience] = putRow({ message, text, steps });
  const ranks = addresseesOf(message).map(
    (member) => [member, statusRank(message.statuses[member] ?? 'stored')] as const,
  );
  const { revision, recalledAt = null } = message;
  const noted = encodeSteps(steps);
  return [
    ...[conversationId, messageId, audience, encodeStatuses(new Map(ranks)), revision, recalledAt, noted, text],
  ] as Row;
}

export function storedMessage(row: Row): StoredMessage {
  const [, , audience, statuses, revision, recalledAt, steps, body] = row as [
    ...[conversationId: string, messageId: string, audience: string, statuses: string],
    ...[revision: number, recalledAt: number | null, steps: string, body: string],
  ];
  return {
    ...messageOf(JSON.parse(body) as MessageValue, audience.split(',')),
    statuses: shownStatuses(statuses),
    revision,
    ...(recalledAt === null ? {} : { recalledAt }),
    // Decoded on demand: most readers never use the steps.
    get steps() {
      return decodeSteps(steps);
    },
  };
}

/** Identifies a message in maps: neither id has a space. */
export function nameOf({ conversationId, messageId }: MessageKey): string {
  return `${conversationId} ${messageId}`;
}

/** Different messages, in the order of the primary key: whoever locks rows locks them in this order. */
export function sortedKeys(keys: readonly MessageKey[]): [conversationId: string, messageId: string][] {
  const names = [...new Set(keys.map(nameOf))].sort();
  return names.map((name) => name.split(' ', 2) as [string, string]);
}
