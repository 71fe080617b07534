import {
  type AddressCheck,
  type ConversationEvent,
  isMessageId,
  isStoredUserId,
  MESSAGE_STATUSES,
  type Message,
  type PushTask,
  peerOf,
  type SearchEvent,
} from '@chasqui/domain';

type Fields = { readonly [field: string]: unknown };
type Check = (value: unknown) => boolean;
/** One check for each field: a field added to an event does not compile without its check. */
type Shape<Event> = { readonly [F in keyof Required<Omit<Event, 'type'>>]: Check };

const text: Check = (value) => typeof value === 'string' && value.length > 0;
const number: Check = (value) => Number.isFinite(value);
const place: Check = (value) => Number.isSafeInteger(value) && (value as number) >= 0;
const id: Check = (value) => typeof value === 'string' && isMessageId(value);
const ids: Check = (value) => Array.isArray(value) && value.every(id);
const msList: Check = (value) => Array.isArray(value) && value.every((ms) => Number.isSafeInteger(ms) && ms >= -1);
const pages: Check = (value) =>
  Array.isArray(value) && value.every((page) => Array.isArray(page) && page.length === 4 && page.every(place));
const fields: Check = (value) => typeof value === 'object' && value !== null && !Array.isArray(value);
const optional =
  (check: Check): Check =>
  (value) =>
    value === undefined || check(value);

const MESSAGE: Shape<Message> = {
  messageId: id,
  conversationId: text,
  from: text,
  fromDevice: text,
  to: text,
  clientMessageId: text,
  kind: text,
  content: (value) => fields(value) && optional((body) => typeof body === 'string')((value as Fields).text),
  sentAt: number,
  silenced: optional((value) => value === true),
};

const SHAPES: { readonly [T in ConversationEvent['type']]: Shape<Extract<ConversationEvent, { type: T }>> } = {
  message: {
    message: (value) => faultIn(value, MESSAGE) === null,
    nodeId: text,
    sessionId: text,
    after: optional(id),
    dispatchMs: optional(place),
    trace: optional(text),
  },
  offline: {
    ...{ conversationId: text, messageIds: ids, to: text, nodeId: text, at: number },
    pushedMs: optional(msList),
    trace: optional(text),
  },
  receipt: {
    ...{ conversationId: text, messageIds: ids, by: text, deviceId: text, nodeId: text, at: number },
    state: (value) => value === 'delivered' || value === 'read',
    tries: optional(place),
    unseen: optional((value) => value === true),
    pushedMs: optional(msList),
  },
  recall: {
    ...{ conversationId: text, messageId: id, by: text, sessionId: text, nodeId: text, at: number },
    ref: optional(text),
  },
  synced: {
    ...{ userId: text, deviceId: text, position: place, epoch: optional(text), nodeId: text, at: number },
    pages: optional(pages),
  },
};

const SEARCHED: Shape<SearchEvent['messages'][number]> = {
  ...{ conversationId: text, messageId: id },
  status: optional((value) => MESSAGE_STATUSES.some((status) => status === value)),
  trace: optional(text),
};
const SEARCH: Shape<SearchEvent> = {
  messages: (value) => Array.isArray(value) && value.every((message) => faultIn(message, SEARCHED) === null),
};

const PUSH: Shape<PushTask> = {
  ...{ messageId: id, conversationId: text, from: text, to: text, at: number },
  ...{ deviceId: optional(text), attempts: optional(place), waits: optional(place), trace: optional(text) },
};

const ADDRESS_CHECK: Shape<AddressCheck> = {
  ...{ checkId: text, to: text, deviceId: text, address: text, code: text },
  ...{ language: (value) => typeof value === 'string', at: number, expiresAt: number },
  attempts: optional(place),
};

/** Whether the user that the event is about is one of the conversation's two: the stores rely on it. */
const BELONGS: {
  readonly [T in ConversationEvent['type']]: (event: Extract<ConversationEvent, { type: T }>) => boolean;
} = {
  message: ({ message: { conversationId, from, to } }) =>
    conversationId === (from < to ? `${from}~${to}` : `${to}~${from}`) &&
    from !== to &&
    isStoredUserId(from) &&
    isStoredUserId(to),
  offline: ({ conversationId, to }) => isMember(conversationId, to),
  receipt: ({ conversationId, by }) => isMember(conversationId, by),
  recall: ({ conversationId, by }) => isMember(conversationId, by),
  synced: ({ userId }) => isStoredUserId(userId),
};

function isMember(conversationId: string, userId: string): boolean {
  try {
    peerOf(conversationId, userId);
    return true;
  } catch {
    return false;
  }
}

function faultIn(value: unknown, shape: { readonly [field: string]: Check }): string | null {
  if (!fields(value)) return 'not an object';
  for (const field in shape) {
    if (!shape[field]?.((value as Fields)[field])) return `${field} is missing or malformed`;
  }
  return null;
}

/**
 * Why a value is no event that a Business handler could ever take; null: it is one. Handlers trust what passed: anything
 * else would fail in them for ever and hold up its shard.
 */
export function conversationEventFault(value: unknown): string | null {
  const type = fields(value) ? (value as Fields).type : undefined;
  if (typeof type !== 'string' || !Object.hasOwn(SHAPES, type)) return `unknown event type ${String(type)}`;
  const fault = faultIn(value, SHAPES[type as ConversationEvent['type']]);
  if (fault !== null) return `${type}: ${fault}`;
  const belongs = BELONGS[type as ConversationEvent['type']] as (event: unknown) => boolean;
  return belongs(value) ? null : `${type}: not of this conversation`;
}

/** The same for what DataSync takes. */
export function searchEventFault(value: unknown): string | null {
  return faultIn(value, SEARCH);
}

/** The same for what Push takes. */
export function pushTaskFault(value: unknown): string | null {
  if (fields(value) && (value as Fields).type !== undefined) {
    const { type } = value as Fields;
    return type === 'address_check' ? faultIn(value, ADDRESS_CHECK) : `unknown task type ${String(type)}`;
  }
  const fault = faultIn(value, PUSH);
  if (fault !== null) return fault;
  const { conversationId, from, to } = value as PushTask;
  const belongs = isMember(conversationId, to) && isMember(conversationId, from) && from !== to;
  return belongs ? null : 'not of this conversation';
}
