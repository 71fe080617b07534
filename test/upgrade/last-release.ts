import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { BusinessOptions } from '@chasqui/app-business/core';
import {
  contentDigests,
  defined,
  directAudience,
  encodeMessage,
  ImError,
  inboxOf,
  type LogUpdate,
  type MessageStatus,
  type MessageStep,
  type MessageValue,
  maySee,
  messageOf,
  overallStatus,
  participantsOf,
  positionIn,
  recipientOf,
  type StoredMessage,
} from '@chasqui/domain';
import type {
  ConsumeOptions,
  ConversationStore,
  MessageKey,
  MessageStore,
  RecordOutcome,
  StatusChange,
  UpdateLog,
} from '@chasqui/ports';

/** The bundle of 761e052 that `bundle-business.ts` packed. */
interface Released {
  Business: new (options: object) => AsyncDisposable;
  ImError: new (...of: ConstructorParameters<typeof ImError>) => Error;
}

const FILE = join(import.meta.dirname, 'releases/business-761e052.mjs.gz');
const code = gunzipSync(await readFile(FILE)).toString('base64');
const released = (await import(`data:text/javascript;base64,${code}`)) as Released;

/** Starts the last release's Business on today's ports. Changes of the ports since then are translated here alone. */
export function lastRelease({ runtime, engines, peers, inboxRetentionMs }: BusinessOptions): AsyncDisposable {
  const { bus: todaysBus, conversations, logs, messages, offlineCache, unreadCache, presence, nodes } = engines;
  const ports = {
    sessions: itsSessions(conversations),
    inboxes: itsInboxes(logs),
    messages: itsMessages(messages),
    offlineCache: {
      add: async (userId: string, stored: ItsStored[]) => offlineCache?.add(userId, stored.map(ourStored)),
      drop: async (userId: string, messageIds: string[]) => offlineCache?.drop(userId, messageIds),
    },
    unreadCache,
    presence,
    registry: nodes,
    peers,
  };
  const bus = withItsErrors(todaysBus);
  const consume = ({ handle, ...options }: ConsumeOptions) =>
    todaysBus.consume({ ...options, handle: (batch) => handle(batch).catch((error) => Promise.reject(ours(error))) });
  const shards = (topic: string) => todaysBus.shards(topic);
  return new released.Business({
    ...runtime,
    ...Object.fromEntries(Object.entries(ports).map(([name, port]) => [name, withItsErrors(port)])),
    inboxRetentionMs,
    bus: { publish: bus.publish, lag: bus.lag, consume, shards },
  });
}

/** The release's messages name their receiver, and whether to withhold them. They never have an audience. */
type ItsMessage = Omit<MessageValue, 'audience'> & { to: string };
type ItsStored = ItsMessage & Pick<StoredMessage, 'steps' | 'recalledAt'> & { status: MessageStatus };

function itsStored(stored: StoredMessage): ItsStored {
  const { audience: _, statuses: __, revision: ___, ...message } = stored;
  const { to = '' } = recipientOf(stored);
  const silenced = maySee(stored, to) ? {} : { silenced: true };
  return { ...message, to, ...silenced, status: overallStatus(stored) };
}

function ourStored(stored: ItsStored): StoredMessage {
  const { to, status, steps, recalledAt } = stored;
  const ours = { ...messageOf(stored), statuses: { [to]: status }, revision: 0, steps };
  return recalledAt === undefined ? ours : { ...ours, revision: 1, recalledAt };
}

/** The release read and wrote one row for each user of a conversation, through a session port. */
function itsSessions(conversations: ConversationStore) {
  return {
    async record(messages: (ItsMessage & { after?: string })[]) {
      const todays = messages.map((message) => {
        const after = defined({ after: message.after });
        return { ...messageOf(message), ...after, digests: contentDigests(message) };
      });
      const outcomes = await conversations.record(todays);
      return Promise.all(outcomes.map((outcome, index) => itsOutcome(outcome, messages[index] as ItsMessage)));
    },
    markRead: (userId: string, conversationId: string, upTo: string, at: number) =>
      conversations.markRead({ userId, conversationId, upTo, at, node: '' }),
    async recall(conversationId: string, messageId: string, by: string, at: number, silenced = false) {
      const [to = ''] = participantsOf(conversationId).filter((userId) => userId !== by);
      const audience = directAudience(by, to, silenced);
      const [places = null] = await conversations.act([{ ...recallOf(by, at), conversationId, messageId, audience }]);
      return places && Object.fromEntries(places.map(({ log, position }) => [log, position]));
    },
    async get(userId: string, conversationId: string) {
      const [entry] = await conversations.entries([{ userId, conversationId }]);
      return entry ? { ...entry, readUpTo: entry.read.upTo } : null;
    },
    unread: (userId: string) => conversations.unread(userId),
  };

  /** The release sets the receiver's counts after every message, also one that is not for them. */
  async function itsOutcome(outcome: RecordOutcome, { from, to, conversationId }: ItsMessage) {
    if (!('places' in outcome)) return outcome;
    const { places, unread, ...rest } = outcome;
    const positions = {
      senderPosition: positionIn(places, inboxOf(from)),
      receiverPosition: positionIn(places, inboxOf(to)),
    };
    const [state] = unread;
    if (state !== undefined) return { ...rest, ...positions, unread: state };
    const { byConversation, total, position } = await conversations.unread(to);
    const count = byConversation[conversationId] ?? 0;
    return { ...rest, ...positions, unread: { userId: to, conversationId, count, total, position } };
  }
}

function recallOf(by: string, at: number) {
  return { action: 'recall', revision: 1, by, at } as const;
}

/**
 * The release's logs were users' inboxes. It appends only receipts and reads only messages: both forms are unchanged.
 */
function itsInboxes(logs: UpdateLog) {
  return {
    append: (items: { userId: string; update: LogUpdate }[]) =>
      logs.append(items.map(({ userId, update }) => ({ log: inboxOf(userId), update }))),
    page: (userId: string, after: number, limit: number) => logs.page(inboxOf(userId), after, limit),
    confirm: (device: Parameters<UpdateLog['confirm']>[0]) => logs.confirm(device),
    devices: (userId: string) => logs.devices(userId),
    trim: (olderThan: number, limit: number) => logs.trim(olderThan, limit),
  };
}

/** The release's messages had one status, raised up to *read*: what it stores must equal what a mark says. */
function itsMessages(messages: MessageStore) {
  return {
    put: (items: { message: ItsMessage; steps: MessageStep[] }[]) =>
      messages.put(items.map(({ message, steps }) => ({ ...encodeMessage(messageOf(message)), steps }))),
    get: async (keys: MessageKey[]) => (await messages.get(keys)).map((found) => found && itsStored(found)),
    page: async (...of: Parameters<MessageStore['page']>) => (await messages.page(...of)).map(itsStored),
    raise: (changes: (Omit<StatusChange, 'member'> & { to: string })[]) =>
      messages.raise(changes.map(({ to, ...change }) => ({ ...change, member: to }))),
    // The user who recalled is not kept beside a message.
    recall: async (key: MessageKey, at: number, node: string) =>
      (await messages.apply([{ ...key, action: recallOf('', at), node }]))[0] !== 'missing',
    remove: (keys: MessageKey[]) => messages.remove(keys),
    async recent(cursor: string | null, limit: number) {
      const page = await messages.recent?.(cursor, limit);
      return { messages: page?.messages.map(itsStored) ?? [], cursor: page?.cursor ?? null };
    },
    beginLookBack: async (...of: [since: number, startedAt: number]) => messages.beginLookBack?.(...of),
    endLookBack: async (startedAt: number) => messages.endLookBack?.(startedAt),
  };
}

/** The port with errors of the release's class, by which the release decides what is retried. */
function withItsErrors<Port extends object>(port: Port): Port {
  return new Proxy(port, {
    get(target, name) {
      const value: unknown = Reflect.get(target, name);
      if (typeof value !== 'function') return value;
      return (...args: unknown[]) =>
        (value.apply(target, args) as Promise<unknown>).catch((error) => Promise.reject(its(error)));
    },
  });
}

function its(error: unknown): unknown {
  if (!(error instanceof ImError)) return error;
  return new released.ImError(error.code, error.message, error.details, error.cause);
}

function ours(error: unknown): unknown {
  if (!(error instanceof released.ImError)) return error;
  const { code, message, details, cause } = error as ImError;
  return new ImError(code, message, details, cause);
}
