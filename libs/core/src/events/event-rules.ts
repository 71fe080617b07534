import { type ConversationEvent, isStoredUserId, type PushTask, peerOf } from '@chasqui/domain';
import { type SchemaCheck, schemaCheck } from '@chasqui/protocol';
import { CONVERSATION_EVENTS, PUSH_EVENTS, PushTaskSchema, SearchEventSchema } from './event-schemas.ts';

/**
 * What a consumer makes of a value from the bus. `newer`: of a type or a format that this version does not know, so a
 * newer one does. `fault`: why no version could ever take it. Handlers trust what is sound: anything else would fail in
 * them for ever.
 */
export type EventVerdict = 'sound' | 'newer' | { fault: string };

/** What a consumer knows of the events of its topic. */
export interface EventRules {
  verdictOf(value: unknown): EventVerdict;
  /**
   * How long a newer event holds its shard, from its publish on, ms: about as long as an upgrade of the consumers takes. So it
   * keeps its order if a process that knows it comes by then. Absent: the topic's events keep no order.
   */
  holdMs?: number;
}

interface KnownType {
  newest: number;
  check: SchemaCheck;
  /** Whether the user that the event is about is one of the conversation's: the stores rely on it. */
  belongs(event: object): boolean;
}

function known<Event extends object>(
  schema: { properties: { v: object } },
  belongs: (event: Event) => boolean = () => true,
): KnownType {
  const { maximum: newest = 1 } = schema.properties.v as { maximum?: number };
  return { newest, check: schemaCheck(schema), belongs: belongs as KnownType['belongs'] };
}

/** `unnamed`: the type of events without a `type`. Absent: each must have one. */
function rulesOf(types: { readonly [type: string]: KnownType }, unnamed?: KnownType): EventRules {
  const byName = new Map(Object.entries(types));
  return {
    verdictOf(value) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return { fault: 'not an object' };
      const { type: name, v } = value as { type?: unknown; v?: unknown };
      const type = name === undefined ? unnamed : byName.get(name as string);
      if (type === undefined) return typeof name === 'string' ? 'newer' : { fault: 'type is missing or no string' };
      if (v !== undefined && Number.isSafeInteger(v) && (v as number) > type.newest) return 'newer';
      const fault = type.check(value);
      const prefix = name === undefined ? '' : `${name}: `;
      if (fault !== null) return { fault: `${prefix}${fault.field || 'it'} ${fault.message}` };
      return type.belongs(value) ? 'sound' : { fault: `${prefix}not of this conversation` };
    },
  };
}

type EventOf<T extends ConversationEvent['type']> = Extract<ConversationEvent, { type: T }>;

const CONVERSATION_TYPES = {
  message: known<EventOf<'message'>>(
    CONVERSATION_EVENTS.message,
    ({ message: { conversationId, from, to } }) =>
      conversationId === (from < to ? `${from}~${to}` : `${to}~${from}`) &&
      from !== to &&
      isStoredUserId(from) &&
      isStoredUserId(to),
  ),
  offline: known<EventOf<'offline'>>(CONVERSATION_EVENTS.offline, ({ conversationId, to }) =>
    isMember(conversationId, to),
  ),
  receipt: known<EventOf<'receipt'>>(CONVERSATION_EVENTS.receipt, ({ conversationId, by }) =>
    isMember(conversationId, by),
  ),
  recall: known<EventOf<'recall'>>(CONVERSATION_EVENTS.recall, ({ conversationId, by }) =>
    isMember(conversationId, by),
  ),
  synced: known<EventOf<'synced'>>(CONVERSATION_EVENTS.synced, ({ userId }) => isStoredUserId(userId)),
} satisfies { [T in ConversationEvent['type']]: KnownType };

export const CONVERSATION_RULES: EventRules = { ...rulesOf(CONVERSATION_TYPES), holdMs: 120_000 };

export const SEARCH_RULES = rulesOf({}, known(SearchEventSchema));

export const PUSH_RULES = rulesOf(
  { address_check: known(PUSH_EVENTS.address_check) },
  known<PushTask>(
    PushTaskSchema,
    ({ conversationId, from, to }) => isMember(conversationId, to) && isMember(conversationId, from) && from !== to,
  ),
);

function isMember(conversationId: string, userId: string): boolean {
  try {
    peerOf(conversationId, userId);
    return true;
  } catch {
    return false;
  }
}
