import {
  type AddressCheck,
  belongs,
  type ConversationEvent,
  type ConversationId,
  type GroupPlan,
  groupLog,
  isGroupId,
  isStoredUserId,
  ownersOf,
  type PushTask,
  participantsOf,
  type SearchEvent,
  SYSTEM_USER,
  type UserId,
} from '@chasqui/domain';
import { type SchemaCheck, schemaCheck } from '@chasqui/protocol';
import { type ConversationEventValue, decodeConversationEvent, type MessageEventValue } from './event-codec.ts';
import { CONVERSATION_EVENTS, PUSH_EVENTS, PushTaskSchema, SearchEventSchema } from './event-schemas.ts';

/**
 * A consumer's verdict on a value from the bus. `newer`: its type or format is unknown to this version, so a newer
 * version wrote it. `fault`: why no version can ever handle it. Handlers rely on sound values: any other value would
 * fail in them on every retry.
 */
export type EventVerdict = 'sound' | 'newer' | { fault: string };

/** A consumer's knowledge of its topic's events. */
export interface EventRules<Event> {
  verdictOf(value: unknown): EventVerdict;
  /** Decodes a sound value. `text`: its JSON. Absent: the value is the event. */
  eventOf?(value: unknown, text: () => string): Event;
  /**
   * How long, in ms after its publish, a newer event holds its shard: about the duration of an upgrade of the
   * consumers. The event keeps its order if a process that knows it starts within that time. Absent: the topic's events
   * have no order.
   */
  holdMs?: number;
}

interface KnownType {
  newest: number;
  check: SchemaCheck;
  /** Whether the event's user is a participant of its conversation: the stores rely on it. */
  belongs(event: object): boolean;
}

export function known<Event extends object>(
  schema: { properties: { v: object } },
  belongs: (event: Event) => boolean = () => true,
): KnownType {
  const { maximum: newest = 1 } = schema.properties.v as { maximum?: number };
  return { newest, check: schemaCheck(schema), belongs: belongs as KnownType['belongs'] };
}

/** `unnamed`: the type of events that have no `type` field. Absent: every event must have one. */
export function rulesOf<Event>(types: { readonly [type: string]: KnownType }, unnamed?: KnownType): EventRules<Event> {
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

type ValueOf<T extends ConversationEventValue['type']> = Extract<ConversationEventValue, { type: T }>;

const CONVERSATION_TYPES = {
  message: known<MessageEventValue>(CONVERSATION_EVENTS.message, isOfItsConversation),
  offline: known<ValueOf<'offline'>>(CONVERSATION_EVENTS.offline, ({ conversationId, to }) =>
    mayBelong(conversationId, to),
  ),
  receipt: known<ValueOf<'receipt'>>(CONVERSATION_EVENTS.receipt, ({ conversationId, by }) =>
    mayBelong(conversationId, by),
  ),
  recall: known<ValueOf<'recall'>>(
    CONVERSATION_EVENTS.recall,
    ({ conversationId, by }) => by === SYSTEM_USER || mayBelong(conversationId, by),
  ),
  edit: known<ValueOf<'edit'>>(CONVERSATION_EVENTS.edit, ({ conversationId, by }) => mayBelong(conversationId, by)),
  react: known<ValueOf<'react'>>(CONVERSATION_EVENTS.react, ({ conversationId, by }) => mayBelong(conversationId, by)),
  group: known<ValueOf<'group'>>(
    CONVERSATION_EVENTS.group,
    ({ change: { conversationId, by } }) => isGroupId(conversationId) && isStoredUserId(by),
  ),
  synced: known<ValueOf<'synced'>>(CONVERSATION_EVENTS.synced, ({ userId }) => isStoredUserId(userId)),
} satisfies { [T in ConversationEventValue['type']]: KnownType };

export const CONVERSATION_RULES: EventRules<ConversationEvent> = {
  ...rulesOf(CONVERSATION_TYPES),
  eventOf: (value, text) => decodeConversationEvent(value as ConversationEventValue, text),
  holdMs: 120_000,
};

export const SEARCH_RULES = rulesOf<SearchEvent>({}, known(SearchEventSchema));

export const PUSH_RULES = rulesOf<PushTask | AddressCheck | GroupPlan>(
  {
    address_check: known(PUSH_EVENTS.address_check),
    group_plan: known<GroupPlan>(PUSH_EVENTS.group_plan, ({ conversationId }) => isGroupId(conversationId)),
  },
  known<PushTask>(
    PushTaskSchema,
    ({ conversationId, from, to }) => mayBelong(conversationId, to) && mayBelong(conversationId, from) && from !== to,
  ),
);

/** Whether a user takes part in a direct conversation, or can in a group: who is in it only its store knows. */
function mayBelong(conversationId: ConversationId, userId: UserId): boolean {
  return isGroupId(conversationId) ? isStoredUserId(userId) : belongs(conversationId, userId);
}

/** Parses the users only once: this check runs for every message. */
function isOfItsConversation({ message: { conversationId, from, to }, audience = [] }: MessageEventValue): boolean {
  if (isGroupId(conversationId)) {
    return (
      to === undefined && isStoredUserId(from) && audience.length === 1 && audience[0] === groupLog(conversationId)
    );
  }
  const participants = participantsIn(conversationId);
  return (
    from !== to &&
    participants.includes(from) &&
    (to === undefined || participants.includes(to)) &&
    ownersOf(audience).every((owner) => participants.includes(owner))
  );
}

function participantsIn(conversationId: ConversationId): readonly UserId[] {
  try {
    return participantsOf(conversationId);
  } catch {
    return [];
  }
}
