import type { InboxEntry, InboxReceipt, Message, Position, StoredMessage } from '@chasqui/domain';
import type { ServerFrameOf, UpdateFrame } from '@chasqui/protocol';

/** A message as it is pushed live: provisional, without a position. */
export function liveChatFrame(message: Message): ServerFrameOf<'chat'> {
  const frame: ServerFrameOf<'chat'> & Pick<Message, 'silenced'> = { type: 'chat', ...message };
  // Rarely there: to leave a field out of every copy costs as much as three copies.
  if (frame.silenced !== undefined) delete frame.silenced;
  return frame;
}

/** A stored message as history, search and sync show it. A recalled one has no content. */
export function storedChatFrame(message: StoredMessage, position?: Position): ServerFrameOf<'chat'> {
  const { steps, content, recalledAt, silenced, ...rest } = message;
  return {
    type: 'chat',
    ...rest,
    ...(recalledAt === undefined ? { content } : { recalledAt }),
    ...(position === undefined ? {} : { position }),
  };
}

export function receiptFrame(receipt: InboxReceipt, position: Position): ServerFrameOf<'receipt'> {
  return { ...receipt, position };
}

/** An inbox entry other than a message, in the form of its live frame. */
export function updateFrame(entry: Exclude<InboxEntry, { type: 'message' }>): UpdateFrame {
  return entry;
}
