import Type from 'typebox';
import { ConversationStateField } from './conversation-state.ts';
import { ConversationIdField, MessageIdField, MomentIdField, PositionField, TimeField, UserIdField } from './fields.ts';

const position = Type.Optional(PositionField);

/** Another user liked your moment or commented on it. The comment is at `GET /api/moments/{momentId}/comments`. */
export const MomentNoticeFrame = Type.Object({
  type: Type.Literal('moment'),
  momentId: MomentIdField,
  event: Type.Union([Type.Literal('like'), Type.Literal('comment')]),
  by: UserIdField,
  commentId: Type.Optional(MomentIdField),
  at: TimeField,
  position,
});

/** You changed the state of this conversation, on any of your devices: this is the whole new state. */
export const ConversationStateFrame = Type.Object({
  type: Type.Literal('conversation_state'),
  conversationId: ConversationIdField,
  state: ConversationStateField,
  position,
});

/** You deleted these messages for yourself, on any of your devices: remove them. Nobody else is told. */
export const HiddenFrame = Type.Object({
  type: Type.Literal('hidden'),
  conversationId: ConversationIdField,
  messageIds: Type.Array(MessageIdField),
  at: TimeField,
  position,
});
