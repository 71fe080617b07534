import {
  type ActionUpdate,
  defined,
  type LogEntry,
  type Position,
  type ReactionChange,
  type ReactionUpdate,
  type ReceiptUpdate,
  type SeenReactions,
  type StoredMessage,
} from '@chasqui/domain';
import type { ServerFrameOf, UpdateFrame } from '@chasqui/protocol';
import { edition, mentioned, shown, shownReactions } from './frames.ts';

export function receiptFrame(receipt: ReceiptUpdate, position: Position): ServerFrameOf<'receipt'> {
  return { ...receipt, position };
}

/**
 * The client frame of an action. `message`: as it is now, and only for those who may see it; an edit shows its content.
 * `position`: absent in an answer to a repeat.
 */
export function actionFrame(
  { action, conversationId, messageId, by, at, revision }: ActionUpdate,
  position?: Position,
  message?: StoredMessage | null,
): ServerFrameOf<'recall' | 'action'> {
  const place = defined({ position });
  if (action === 'recall') return { type: action, conversationId, messageId, by, at, ...place };
  const edited = message == null || message.recalledAt !== undefined ? {} : editedFields(message);
  return { type: 'action', action, conversationId, messageId, by, at, revision, ...edited, ...place };
}

function editedFields(
  message: StoredMessage,
): Pick<ServerFrameOf<'action'>, 'content' | 'mentions' | 'editedAt' | 'revision'> {
  return { ...shown(message.content), ...mentioned(message), ...edition(message) };
}

/** `reactions`: as they are now, and only for those who may see the message. `changes`: of the live frame. */
export function reactionFrame(
  { conversationId, messageId, at }: Pick<ReactionUpdate, 'conversationId' | 'messageId' | 'at'>,
  position: Position | undefined,
  { reactions, changes }: { reactions?: SeenReactions | null | undefined; changes?: ReactionChange[] } = {},
): ServerFrameOf<'action'> {
  const shown = reactions == null ? undefined : shownReactions(reactions);
  const facts = { type: 'action', action: 'react', conversationId, messageId, at } as const;
  return { ...facts, ...defined({ reactions: shown, changes, position }) };
}

/** A log entry other than a message, in the form of its live frame. `message`: see `actionFrame`. */
export function updateFrame(
  entry: Exclude<LogEntry, { type: 'message' }>,
  message?: StoredMessage | null,
  reactions?: SeenReactions | null,
): UpdateFrame {
  if (entry.type === 'react') return reactionFrame(entry, entry.position, { reactions });
  return entry.type === 'action' ? actionFrame(entry, entry.position, message) : entry;
}
