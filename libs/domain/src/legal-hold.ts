import { defined } from './collections/defined.ts';
import { isGroupId } from './conversation/conversation-id.ts';
import { directUsers } from './conversation/direct-conversation.ts';
import { isUserId } from './id-rules.ts';
import type { Message, MessageVersion } from './message.ts';
import type { MessageContent } from './message-content.ts';
import type { MessageId } from './message-id.ts';

/** What a legal hold is on. */
export const HOLD_KINDS = ['user', 'conversation'] as const;
export type HoldKind = (typeof HOLD_KINDS)[number];

/**
 * An order to keep messages. That on a conversation covers its messages; that on a user covers what the user sends, and
 * all of the user's direct conversations. A user with one is not erased.
 */
export interface LegalHold {
  /** 24 hexadecimal digits; the same kind, subject and reason have the same. */
  holdId: string;
  kind: HoldKind;
  /** The id of the user or conversation. */
  subject: string;
  /** For people: at most 200 characters. */
  reason: string;
  /** As the audit log names them (`AuditEntry.actor`). */
  placedBy: string;
  /** Unix ms. */
  placedAt: number;
}

/** The content that a message had before it was deleted, kept for one hold. */
export interface HeldMessage extends Pick<Message, 'conversationId' | 'from' | 'sentAt'> {
  holdId: string;
  messageId: MessageId;
  content: MessageContent;
  /** What it said before, where edits keep that. */
  versions?: readonly MessageVersion[];
  /** Unix ms of the deletion. */
  deletedAt: number;
}

export const HOLD_LIMITS = {
  /** Holds of an installation. At the bound: `limit_reached`. */
  maxHolds: 200,
  maxReasonLength: 200,
} as const;

export const HOLD_ID_PATTERN = '^[0-9a-f]{24}$';

/** Whether it is an id of that kind; there need be no such user or conversation yet. */
export function isSubject({ kind, subject }: Pick<LegalHold, 'kind' | 'subject'>): boolean {
  if (kind === 'user') return isUserId(subject);
  return directUsers(subject) !== null || isGroupId(subject);
}

/** The holds that cover a message. */
export function holdsOn(
  holds: readonly LegalHold[],
  { conversationId, from }: Pick<Message, 'conversationId' | 'from'>,
): LegalHold[] {
  if (holds.length === 0) return [];
  const users: ReadonlySet<string> = new Set([from, ...(directUsers(conversationId) ?? [])]);
  return holds.filter(({ kind, subject }) => (kind === 'user' ? users.has(subject) : subject === conversationId));
}

/** A kept message's content and earlier versions as one JSON value: stores have one column for both. */
export type HeldContent = MessageContent & { versions?: readonly MessageVersion[] };

export function heldContent({ content, versions }: Pick<HeldMessage, 'content' | 'versions'>): HeldContent {
  return { ...content, ...defined({ versions }) };
}

export function heldContentOf({ versions, ...content }: HeldContent): Pick<HeldMessage, 'content' | 'versions'> {
  return { content, ...defined({ versions }) };
}
