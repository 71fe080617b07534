import { readState, readUnread } from '@chasqui/core';
import {
  type ConversationState,
  DEFAULT_STATE,
  type Device,
  initialProfile,
  isGroupId,
  type MessageId,
  type Profile,
  type PushOutcome,
  type PushTask,
  type StoredMessage,
  type UserId,
} from '@chasqui/domain';
import { inParallel, type Logger } from '@chasqui/kit';
import type { Engines, GroupHead, MessageKey, UnreadCounts } from '@chasqui/ports';

export type FactSources = Pick<
  Engines,
  | 'messages'
  | 'conversations'
  | 'groups'
  | 'conversationStates'
  | 'unreadCache'
  | 'presence'
  | 'profiles'
  | 'devices'
  | 'blocks'
  | 'pushOutcomes'
>;

/** How many users' counts are read in parallel. */
const COUNTS_AT_ONCE = 16;

/** What is known about the tasks of one batch. */
export interface TaskFacts extends MoreFacts {
  outcomes(task: PushTask): readonly PushOutcome[];
  devices(userId: UserId): readonly Device[];
}

/** What is read only of tasks whose receiver has a device to notify. */
interface MoreFacts {
  /** The message with the read marks of its addressees. */
  message(task: PushTask): StoredMessage | null;
  /** The initial profile for users who never set one. */
  profile(userId: UserId): Profile;
  /** The receiver in the group of the message; null: it is in a direct conversation, or the receiver never was there. */
  seat(task: PushTask): GroupHead | null;
  /** The receiver's state of the conversation. */
  state(task: PushTask): ConversationState;
  blocked(task: PushTask): boolean;
  /** With groups in its total. Null: currently unknown, or the user has no device to notify. */
  unread(userId: UserId): UnreadCounts | null;
  /** Whether a device of the user is connected. False if presence is away. */
  isOnline(userId: UserId): boolean;
  /** Whether a device of the receiver connected after the task was made. False if presence is away. */
  cameBack(task: PushTask): boolean;
}

const NOTHING_MORE: MoreFacts = {
  message: () => null,
  profile: initialProfile,
  seat: () => null,
  state: () => DEFAULT_STATE,
  blocked: () => false,
  unread: () => null,
  isOnline: () => false,
  cameBack: () => false,
};

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
 * Reads with one call to each store for the whole batch: devices and outcomes, then everything else in parallel, but
 * nothing more about receivers without a device to notify. Errors: `store_unavailable`, as the stores are needed to
 * decide. Unread counts and presence only refine the decision, and may be away.
 */
export async function readFacts(sources: FactSources, tasks: readonly PushTask[], logger: Logger): Promise<TaskFacts> {
  const ids = distinct(tasks.map(({ messageId }) => messageId));
  const receivers = distinct(tasks.map(({ to }) => to));
  const [outcomes, devices] = await Promise.all([sources.pushOutcomes.list(ids), sources.devices.list(receivers)]);
  const outcomesOf = byKey(ids, outcomes);
  const devicesOf = byKey(receivers, devices.map(withoutUnconfirmed));
  const isReachable = ({ to }: PushTask) => devicesOf.get(to)?.some(({ registrations }) => registrations.length > 0);
  const reachable = tasks.filter(isReachable);
  return {
    outcomes: ({ messageId, to }) => (outcomesOf.get(messageId) ?? []).filter(({ userId }) => userId === to),
    devices: (userId) => devicesOf.get(userId) ?? [],
    ...(reachable.length === 0 ? NOTHING_MORE : await readMore(sources, reachable, logger)),
  };
}

/** The same of receivers who have a device to notify. */
async function readMore(sources: FactSources, tasks: readonly PushTask[], logger: Logger): Promise<MoreFacts> {
  const receivers = distinct(tasks.map(({ to }) => to));
  const ids = distinct(tasks.map(({ messageId }) => messageId));
  const people = distinct(tasks.flatMap(({ from, to }) => [from, to]));
  const pairs = tasks.map(({ from, to }) => ({ userId: to, other: from }));
  const conversationOf = new Map(tasks.map(({ messageId, conversationId }) => [messageId, conversationId]));
  const keys = ids.map((messageId) => ({ messageId, conversationId: conversationOf.get(messageId) ?? '' }));
  const { presence } = sources;
  const seats = tasks
    .filter(({ conversationId }) => isGroupId(conversationId))
    .map(({ conversationId, to: userId }) => ({ conversationId, userId }));
  const states = tasks.map(({ to, conversationId }) => ({ userId: to, conversationId }));
  const [messages, profiles, set, blocked, heads, present] = await Promise.all([
    withReadState(sources, keys, logger),
    sources.profiles.get(people),
    sources.conversationStates.get(states),
    sources.blocks.blocked(pairs),
    seats.length === 0 ? [] : sources.groups.headsOf(seats),
    presence.lookup(receivers).catch((error) => {
      logger.debug({ err: error }, 'presence is unavailable: every user counts as offline');
      return receivers.map(() => []);
    }),
  ]);
  const messageOf = byKey<MessageId, StoredMessage | null>(ids, messages);
  const profileOf = byKey(people, profiles);
  const unreadOf = await readCounts(sources, receivers);
  const presentOf = byKey(receivers, present);
  const headOf = byKey(
    seats.map(({ conversationId, userId }) => `${conversationId} ${userId}`),
    heads,
  );
  const stateOf = byKey(tasks, set);
  const blockedTasks = new Set(tasks.filter((_, i) => blocked[i]));
  return {
    message: ({ messageId }) => messageOf.get(messageId) ?? null,
    profile: (userId) => profileOf.get(userId) ?? initialProfile(userId),
    seat: ({ conversationId, to }) => headOf.get(`${conversationId} ${to}`) ?? null,
    state: (task) => stateOf.get(task) ?? DEFAULT_STATE,
    blocked: (task) => blockedTasks.has(task),
    unread: (userId) => unreadOf.get(userId) ?? null,
    isOnline: (userId) => (presentOf.get(userId)?.length ?? 0) > 0,
    cameBack: ({ to, at }) => (presentOf.get(to) ?? []).some(({ since }) => since > at),
  };
}

/** Those that cannot be read are missing. */
async function readCounts(
  { conversations, unreadCache: cache, groups }: FactSources,
  users: readonly UserId[],
): Promise<ReadonlyMap<UserId, UnreadCounts>> {
  const counts = new Map<UserId, UnreadCounts>();
  for (let at = 0; at < users.length; at += COUNTS_AT_ONCE) {
    const some = users.slice(at, at + COUNTS_AT_ONCE);
    const inGroups = await groups.unread(some).catch(() => []);
    await inParallel(some, COUNTS_AT_ONCE, async (userId) => {
      const grouped = inGroups[some.indexOf(userId)];
      const direct = await readUnread({ conversations, cache }, userId).catch(() => null);
      if (direct === null || grouped === undefined) return;
      counts.set(userId, { ...direct, total: direct.total + grouped.total });
    });
  }
  return counts;
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
