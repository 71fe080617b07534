import Type, { type Static } from 'typebox';
import { ChatMessageFrame } from './chat-message-frame.ts';
import { EpochField, GroupIdField, PositionField, RefField } from './fields.ts';
import { MembershipFrame, NoticeFrame } from './group-frames.ts';
import { ActionNoticeFrame, ReadFrame, RecallNoticeFrame, ReceiptFrame } from './message-frames.ts';

import { ConversationStateFrame, HiddenFrame, MomentNoticeFrame } from './own-frames.ts';

const ref = Type.Optional(RefField);

/** An entry of a log with its position, in the form of its live frame. */
export const UpdateFrame = Type.Union([
  ChatMessageFrame,
  ReceiptFrame,
  ReadFrame,
  RecallNoticeFrame,
  ActionNoticeFrame,
  MomentNoticeFrame,
  NoticeFrame,
  MembershipFrame,
  ConversationStateFrame,
  HiddenFrame,
]);
export type UpdateFrame = Static<typeof UpdateFrame>;

/**
 * A page of the inbox. `position` is the last one in it (or, if it is empty, the requested one). `reset`: the requested
 * position is not, or no longer, in this inbox; discard it and continue from the one given here. C10.
 */
export const OfflineMessagesFrame = Type.Object({
  type: Type.Literal('offline_messages'),
  updates: Type.Array(UpdateFrame),
  position: PositionField,
  epoch: EpochField,
  caughtUp: Type.Boolean(),
  reset: Type.Optional(Type.Boolean()),
  ref,
});

/**
 * A page of a group's log. Continue from `position`, which may be beyond the last update: what is between is not for
 * this user. `reset` as in `offline_messages` (C10).
 */
export const LogUpdatesFrame = Type.Object({
  type: Type.Literal('log_updates'),
  conversationId: GroupIdField,
  updates: Type.Array(UpdateFrame),
  position: PositionField,
  epoch: EpochField,
  caughtUp: Type.Boolean(),
  reset: Type.Optional(Type.Boolean()),
  ref,
});
