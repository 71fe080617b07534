import type { ConversationId, LogId, MessageId } from '@chasqui/domain';
import type { ClientFrameOf, ServerFrameOf } from '@chasqui/protocol';
import type { ConversationKey } from '../conversations/direct.ts';
import type { Core } from '../core.ts';
import type { ClientOptions } from '../options.ts';
import type { GroupCalls, GroupStateCalls } from '../part-calls.ts';
import type { GroupSupport } from '../parts.ts';
import type { Outbox } from '../sending/outbox.ts';
import type { Unsent } from '../storing/stored-values.ts';

/** What groups need of the client that has them. */
export interface GroupHost {
  core: Core;
  options: ClientOptions;
  /** Tells the server that the user has read up to there. */
  mark(group: ConversationId, upTo: MessageId): void;
}

/** Every `GroupSupport`, as the client sees it. */
export interface StartableGroups extends GroupSupport {
  start(host: GroupHost): GroupPart;
}

/** Frames that only sessions with groups get. */
type GroupFrame = 'stored_messages' | 'notice' | 'read_mark' | 'groups' | 'log_updates';

/** What a client with groups has beside the rest. */
export interface GroupPart {
  readonly calls: Omit<GroupCalls, 'on'> & GroupStateCalls;
  readonly frames: { [T in GroupFrame]: (frame: ServerFrameOf<T>) => void };
  /** For the login, which requests the first page under this ref. */
  login(ref: string): Pick<ClientFrameOf<'login'>, 'groupsSince'>;
  /** Returns true if a server of an earlier release refused the login because of groups: the next one is without. */
  refused(frame: ServerFrameOf<'error'>): boolean;
  /** The inbox always is; of a group, the log while it is open. */
  isSynced(log: LogId): boolean;
  /**
   * Messages to groups that were queued at or before a time, some of them, to be sent again. A group may refuse a message
   * after it is queued, and that answer may be lost.
   */
  unanswered(outbox: Pick<Outbox, 'unsent' | 'queuedAt'>, queuedBy: number, now: number): Unsent[];
  /** Returns false if the conversation is not a group. */
  markRead(key: ConversationKey, upTo?: MessageId): boolean;
  live(frame: ServerFrameOf<'chat' | 'recall' | 'action' | 'notice'>): void;
  retract(frame: ServerFrameOf<'retract'>): void;
  /** An own message is stored. */
  acked(frame: ServerFrameOf<'server_ack'>): void;
  membership(frame: ServerFrameOf<'membership'>): void;
  /** The user's mark moved. */
  read(group: ConversationId, upTo: MessageId): void;
  /** Returns true if the error answers a request of this part. */
  error(frame: ServerFrameOf<'error'>): boolean;
  /** The node may have missed something. */
  syncNeeded(): void;
  online(): void;
  offline(): void;
  /** Another user logged in. */
  forget(): void;
}
