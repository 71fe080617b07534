import {
  contentKind,
  defined,
  type EncodedMessage,
  MAX_JSON_DEPTH,
  type MessageContent,
  overallStatus,
  type Position,
  recipientOf,
  type SeenReactions,
  type StoredMessage,
} from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import type { Quote } from './quotes.ts';

/** What the reader of a message is shown beside what is stored of it. */
export interface MessageView {
  /** What they are shown of the message that it answers. */
  quoted?: Quote | undefined;
  reactions?: SeenReactions | null | undefined;
}

/** The text of the frame in which a message is pushed live: provisional, without a position. */
export function liveChatText({ text }: Pick<EncodedMessage, 'text'>): string {
  return `{"type":"chat",${text.slice(1)}`;
}

/**
 * A stored message as shown by history and sync. The content is missing if the message was recalled or its stored body is
 * damaged. Content that nests deeper than is accepted today (an earlier version stored it) is reduced to
 * its text: not every encoder could write it, and the page that contains it would block all further syncs of its user.
 */
export function storedChatFrame(
  message: StoredMessage,
  position?: Position,
  { quoted, reactions }: MessageView = {},
): ServerFrameOf<'chat'> {
  // Not `steps`: no frame shows them, and stores may decode them only when they are read.
  const { messageId, conversationId, from, fromDevice, clientMessageId, kind, content, sentAt } = message;
  const { replyTo, forwarded, recalledAt, recalledBy } = message;
  const frame: ServerFrameOf<'chat'> = {
    type: 'chat',
    messageId,
    conversationId,
    from,
    fromDevice,
    clientMessageId,
    kind,
    sentAt,
    ...recipientOf(message),
    ...mentioned(message),
    ...defined({ replyTo, quoted }),
    status: overallStatus(message),
    ...(recalledAt === undefined
      ? { ...defined({ forwarded }), ...shown(content), ...edition(message) }
      : defined({ recalledAt, recalledBy })),
  };
  if (reactions != null && recalledAt === undefined) frame.reactions = shownReactions(reactions);
  if (position !== undefined) frame.position = position;
  return frame;
}

/** Which version of an edited message it is. */
export function edition({ editedAt, revision }: StoredMessage): { editedAt?: number; revision?: number } {
  // An imported message was edited elsewhere.
  return editedAt === undefined ? {} : { editedAt, ...(revision > 0 ? { revision } : {}) };
}

/** The content of a message, if it has one, as every encoder can write it. */
export function shown(content: MessageContent): { content?: MessageContent } {
  if (contentKind(content) === 'empty') return {};
  return { content: writable(content) };
}

function writable(content: MessageContent): MessageContent {
  if (content.data === undefined || !isDeeper(content.data, MAX_JSON_DEPTH)) return content;
  const { data: _, ...rest } = content;
  return rest;
}

/** Whether arrays and objects nest deeper than this. Iterates by level, without recursion. */
function isDeeper(value: unknown, levels: number): boolean {
  let level: unknown[] = [value];
  for (let depth = 0; depth <= levels; depth++) {
    level = level.flatMap((each) => (typeof each === 'object' && each !== null ? Object.values(each) : []));
    if (level.length === 0) return false;
  }
  return true;
}

/** A message that its reader has hidden, in a sync: the place of it alone. */
export function hiddenChatFrame(message: StoredMessage, position: Position): ServerFrameOf<'chat'> {
  const { content: _, mentions: __, replyTo: ___, forwarded: ____, ...rest } = storedChatFrame(message, position);
  return { ...rest, hidden: true };
}

/** Whom it mentions. */
export function mentioned({ mentions }: StoredMessage): Pick<ServerFrameOf<'chat'>, 'mentions'> {
  return mentions === undefined ? {} : { mentions: mentions === 'all' ? mentions : [...mentions] };
}

type ShownReactions = NonNullable<ServerFrameOf<'chat'>['reactions']>;

/** The reactions to a message as their reader is shown them. */
export function shownReactions({ revision, counts, mine }: SeenReactions): ShownReactions {
  return {
    revision,
    counts: counts.map((one) => (mine.includes(one.emoji) ? { ...one, mine: true } : { ...one })),
  };
}
