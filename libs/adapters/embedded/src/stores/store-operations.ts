import type { ConversationState, Place, ReadMark, StateChange } from '@chasqui/domain';
import type {
  ActionToRecord,
  ApplyResult,
  ChangedState,
  ConversationEntry,
  DevicePosition,
  DriftReport,
  EntryKey,
  HandledAction,
  LogPage,
  UnreadCounts,
  UserRecord,
} from '@chasqui/ports';
import type { SnapshotOperations } from '../sqlite/file-snapshot.ts';
import type { AttachmentOperations } from './attachments/attachment-operations.ts';
import type { GroupOperations } from './groups/group-operations.ts';
import type { StoredValues } from './messages/message-values.ts';
import type { RestoredFields } from './messages/restore-message.ts';
import type { MomentOperations } from './moments/moment-operations.ts';
import type { MovingOperations } from './moving/moving-operations.ts';
import type { PeopleOperations } from './people/people-operations.ts';
import type { ReactionOperations } from './reactions/reaction-operations.ts';
import type { ServerEventOperations } from './server-events/server-event-operations.ts';

export type PageRow = [conversationId: string, before: string | null, after: string | null, limit: number];

export interface MarkReadReply {
  changed: boolean;
  from: string;
  /** The mark as it was asked for; in a group at most its last message. */
  upTo: string;
  count: number;
  total: number;
  head: number;
}

/** The operations of the store worker. Results of bulk operations are flat, in the order of the arguments. */
export type StoreOperations = PeopleOperations &
  MomentOperations &
  AttachmentOperations &
  ReactionOperations &
  GroupOperations &
  ServerEventOperations &
  MovingOperations &
  SnapshotOperations & {
    ping(args: null): null;
    /** See record-row.ts. */
    'conversations.record'(args: (string | number)[]): (string | number)[];
    'conversations.markRead'(args: ReadMark & { conversationId: string }): MarkReadReply;
    'conversations.act'(args: ActionToRecord[]): (Place[] | null)[];
    'conversations.entries'(args: EntryKey[]): (ConversationEntry | null)[];
    'conversations.list'(
      args: [userId: string, limit: number, updatedAt: number | null, conversationId: string],
    ): ConversationEntry[];
    'conversations.unread'(args: string): UnreadCounts;
    'conversations.recount'(args: [cursor: string | null, repair: boolean, limit: number]): {
      users: number;
      drift: DriftReport[];
      cursor: string | null;
    };
    'conversationStates.get'(args: EntryKey[]): ConversationState[];
    'conversationStates.change'(args: [key: EntryKey, changes: StateChange, at: number]): ChangedState;
    'conversationStates.of'(
      args: [userId: string, after: string, limit: number],
    ): { conversationId: string; state: ConversationState }[];
    'conversationStates.hide'(args: [key: EntryKey, messageIds: string[], at: number]): number | null;
    /** User, then repeated pairs: conversation id, message id. */
    'conversationStates.hiddenAmong'(args: string[]): boolean[];
    'conversationStates.dropHidden'(args: [userId: string, limit: number]): number;
    /** Repeated pairs: log id, update as JSON. */
    'logs.append'(args: string[]): number[];
    'logs.page'(args: [log: string, after: number, limit: number]): LogPage;
    'logs.renew'(args: [log: string, epoch: string]): null;
    'logs.confirm'(args: DevicePosition): { before: number; now: number };
    'logs.devices'(args: string): DevicePosition[];
    'logs.trim'(args: [olderThan: number, limit: number]): number;
    'logs.clear'(args: [log: string, limit: number]): number;
    /** See message-values.ts. */
    'messages.put'(args: (string | number)[]): null;
    /** Repeated pairs: conversation id, message id. */
    'messages.get'(args: string[]): (StoredValues | null)[];
    'messages.page'(args: PageRow): StoredValues[];
    /** 0 raised, 1 same, 2 further, 3 missing. */
    'messages.raise'(args: (string | number)[]): number[];
    'messages.apply'(args: HandledAction[]): ApplyResult[];
    'messages.remove'(args: string[]): null;
    'messages.scan'(args: [cursor: string | null, limit: number]): { rows: StoredValues[]; cursor: string | null };
    'messages.recent'(args: [cursor: string | null, limit: number]): { rows: StoredValues[]; cursor: string | null };
    'messages.beginLookBack'(args: [since: number, startedAt: number]): number;
    'messages.endLookBack'(args: number): null;
    'messages.locate'(args: string): string | null;
    'messages.restore'(args: RestoredFields[]): null;
    /** Empty: there is none. */
    'messages.newest'(args: null): string;
    'users.create'(args: UserRecord): boolean;
    'users.get'(args: string): UserRecord | null;
    'users.changePassword'(args: [userId: string, from: string, to: string]): boolean;
    'users.erase'(args: string): null;
  };
