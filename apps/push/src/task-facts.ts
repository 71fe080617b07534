import { readState, readUnread } from '@chasqui/core';
import {
  type ConversationState,
  DEFAULT_STATE,
  type Device,
  initialProfile,
  type MessageId,
  type Profile,
  type PushOutcome,
  type PushTask,
  type StoredMessage,
  type UserId,
} from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { Engines, MessageKey, UnreadCounts } from '@chasqui/ports';

export type FactSources = Pick<
  Engines,
  | 'messages'
  | 'conversations'
  | 'conversationStates'
  | 'unreadCache'
  | 'presence'
  | 'profiles'
  | 'devices'
  | 'blocks'
  | 'pushOutcomes'
>;

/** Everything known about the tasks of one batch. */
export interface TaskFacts {
  outcomes(task: PushTask): readonly PushOutcome[];
  /** The message with the read marks of its addressees. */
  message(task: PushTask): StoredMessage | null;
  devices(userId: UserId): readonly Device[];
  /** The initial profile for users who never set one. */
  profile(userId: UserId): Profile;
  /** The receiver's state of the conversation. */
  state(task: PushTask): ConversationState;
  blocked(task: PushTask): boolean;
  /** Null: currently unknown. */
  unread(userId: UserId): UnreadCounts | null;
  /** Whether a device of the receiver connected after the task was made. False if presence is away. */
  cameBack(task: PushTask): boolean;
}

function byKey<K, V>(keys: readonly K[], values: readonly V[]): ReadonlyMap<K, V> {
  return new Map(keys.map((key, i) => [key, values[i] as V]));
}

function distinct<T>(values: readonly T[]): T[] {
  return [...new Set(values)];
}

/** Removes unconfirmed e-mail addresses, as they may belong to somebody else. */
function withoutUnconfirmed(devices: readonly Device[]): Device[] {
  return devices.map((device) => ({
    ...device,
    registrations: device.registrations.filter(({ unconfirmed }) => !unconfirmed),
  }));
}

/**
 * Reads everything in parallel, with one call to each store for the whole batch. Errors: `store_unavailable`, as the
 * stores are needed to decide. Unread counts and presence only refine the decision, and may be away.
 */
export async function readFacts(sources: FactSources, tasks: readonly PushTask[], logger: Logger): Promise<TaskFacts> {
  const ids = distinct(tasks.map(({ messageId }) => messageId));
  const receivers = distinct(tasks.map(({ to }) => to));
  const people = distinct(tasks.flatMap(({ from, to }) => [from, to]));
  const pairs = tasks.map(({ from, to }) => ({ userId: to, other: from }));
  const conversationOf = new Map(tasks.map(({ messageId, conversationId }) => [messageId, conversationId]));
  const keys = ids.map((messageId) => ({ messageId, conversationId: conversationOf.get(messageId) ?? '' }));
  const { presence, conversations, unreadCache: cache } = sources;
  const states = tasks.map(({ to, conversationId }) => ({ userId: to, conversationId }));
  const [messages, outcomes, devices, profiles, set, blocked, unread, present] = await Promise.all([
    withReadState(sources, keys, logger),
    sources.pushOutcomes.list(ids),
    sources.devices.list(receivers),
    sources.profiles.get(people),
    sources.conversationStates.get(states),
    sources.blocks.blocked(pairs),
    Promise.all(receivers.map((userId) => readUnread({ conversations, cache }, userId).catch(() => null))),
    presence.lookup(receivers).catch((error) => {
      logger.debug({ err: error }, 'presence is unavailable: every user counts as offline');
      return receivers.map(() => []);
    }),
  ]);
  const messageOf = byKey<MessageId, StoredMessage | null>(ids, messages);
  const outcomesOf = byKey(ids, outcomes);
  const devicesOf = byKey(receivers, devices.map(withoutUnconfirmed));
  const profileOf = byKey(people, profiles);
  const unreadOf = byKey(receivers, unread);
  const presentOf = byKey(receivers, present);
  const stateOf = byKey(tasks, set);
  const blockedTasks = new Set(tasks.filter((_, i) => blocked[i]));
  return {
    outcomes: ({ messageId, to }) => (outcomesOf.get(messageId) ?? []).filter(({ userId }) => userId === to),
    message: ({ messageId }) => messageOf.get(messageId) ?? null,
    devices: (userId) => devicesOf.get(userId) ?? [],
    profile: (userId) => profileOf.get(userId) ?? initialProfile(userId),
    state: (task) => stateOf.get(task) ?? DEFAULT_STATE,
    blocked: (task) => blockedTasks.has(task),
    unread: (userId) => unreadOf.get(userId) ?? null,
    cameBack: ({ to, at }) => (presentOf.get(to) ?? []).some(({ since }) => since > at),
  };
}

async function withReadState(
  { messages, conversations }: FactSources,
  keys: readonly MessageKey[],
  logger: Logger,
): Promise<(StoredMessage | null)[]> {
  const found = await messages.get(keys);
  await readState(
    { conversations, logger },
    found.filter((message) => message !== null),
  );
  return found;
}
