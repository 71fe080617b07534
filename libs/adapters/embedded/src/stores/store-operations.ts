import type { DevicePosition, DriftReport, InboxPage, SessionRow, UnreadCounts, UserRecord } from '@chasqui/ports';
import type { CopyOperations } from '../sqlite/copy-operations.ts';
import type { MomentOperations } from './moments/moment-operations.ts';
import type { PeopleOperations } from './people/people-operations.ts';

/** A message for `sessions.record`, flattened: RECORD_WIDTH values each, in the order of `recordFields`. */
export type RecordRow = [
  conversationId: string,
  from: string,
  messageId: string,
  clientMessageId: string,
  digest: string,
  preview: string,
  sentAt: number,
  silenced: 0 | 1,
  fromDevice: string,
  /** Empty: none. */
  after: string,
  /** Empty: none. */
  formerDigest: string,
];
export const RECORD_WIDTH = 11;

/**
 * 0 recorded, 1 duplicate, 2 conflict; then the message id (empty: recorded under its own), both positions, and the
 * receiver's count, total and head.
 */
export type OutcomeRow = [
  result: 0 | 1 | 2,
  messageId: string,
  senderPosition: number,
  receiverPosition: number,
  count: number,
  total: number,
  position: number,
];
export const OUTCOME_WIDTH = 7;

/** A message for `messages.put`, flattened. `side` is 0 when the sender's id comes first in the conversation's id. */
export type PutRow = [conversationId: string, messageId: string, side: 0 | 1, body: string, steps: string];
export const PUT_WIDTH = 5;

export type AdvanceRow = [conversationId: string, messageId: string, toSide: number, status: number, steps: string];
export const ADVANCE_WIDTH = 5;

/** Body, status, steps and time of recall of a stored message; null where there is none. */
export type StoredRow = [body: string, status: number, steps: string, recalledAt: number | null];

export type PageRow = [conversationId: string, before: string | null, after: string | null, limit: number];

export interface MarkReadReply {
  changed: boolean;
  from: string;
  count: number;
  total: number;
  head: number;
}

/** What the store worker does. Results of bulk operations are flat, in the order of the arguments. */
export type StoreOperations = PeopleOperations &
  MomentOperations &
  CopyOperations & {
    ping(args: null): null;
    'sessions.record'(args: (string | number)[]): (string | number)[];
    'sessions.markRead'(args: [userId: string, conversationId: string, upTo: string, at: number]): MarkReadReply;
    'sessions.recall'(
      args: [conversationId: string, messageId: string, by: string, at: number, silenced: boolean],
    ): { [userId: string]: number } | null;
    'sessions.get'(args: [userId: string, conversationId: string]): SessionRow | null;
    'sessions.list'(
      args: [userId: string, limit: number, updatedAt: number | null, conversationId: string],
    ): SessionRow[];
    'sessions.unread'(args: string): UnreadCounts;
    'sessions.recount'(args: [cursor: string | null, repair: boolean, limit: number]): {
      users: number;
      drift: DriftReport[];
      cursor: string | null;
    };
    /** User id and update as JSON, and again. */
    'inboxes.append'(args: string[]): number[];
    'inboxes.page'(args: [userId: string, after: number, limit: number]): InboxPage;
    'inboxes.renew'(args: [userId: string, epoch: string]): null;
    'inboxes.confirm'(args: DevicePosition): { before: number; now: number };
    'inboxes.devices'(args: string): DevicePosition[];
    'inboxes.trim'(args: [olderThan: number, limit: number]): number;
    'messages.put'(args: (string | number)[]): null;
    /** Conversation id and message id, and again. */
    'messages.get'(args: string[]): (StoredRow | null)[];
    'messages.page'(args: PageRow): StoredRow[];
    /** 0 raised, 1 same, 2 further, 3 missing. */
    'messages.raise'(args: (string | number)[]): number[];
    'messages.recall'(args: [conversationId: string, messageId: string, at: number, step: string]): boolean;
    'messages.remove'(args: string[]): null;
    'messages.scan'(args: [cursor: string | null, limit: number]): { rows: StoredRow[]; cursor: string | null };
    'messages.recent'(args: [cursor: string | null, limit: number]): { rows: StoredRow[]; cursor: string | null };
    'messages.beginLookBack'(args: [since: number, startedAt: number]): number;
    'messages.endLookBack'(args: number): null;
    'messages.locate'(args: string): string | null;
    /** Empty: there is none. */
    'messages.newest'(args: null): string;
    'users.create'(args: UserRecord): boolean;
    'users.get'(args: string): UserRecord | null;
    'users.changePassword'(args: [userId: string, from: string, to: string]): boolean;
  };
