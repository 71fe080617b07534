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
import { type ConversationEventValue, decodeConversationEvent, type MessageEventValue } from './event-codec.ts';
import { type EventRules, type KnownType, known, rulesOf } from './event-rules.ts';
import { CONVERSATION_EVENTS, SearchEventSchema } from './event-schemas.ts';
import { PUSH_EVENTS, PushTaskSchema } from './push-event-schemas.ts';

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
