import { type ConversationId, DEFAULT_STATE, groupLog, type MessageId, type UserId } from '@chasqui/domain';
import type { ChatMessage } from '../conversations/chat-message.ts';
import type { WithState } from '../conversations/conversation-view.ts';
import type { Core } from '../core.ts';
import type { GroupHeads } from './group-heads.ts';
import type { GroupLog } from './group-log.ts';
import type { GroupHead, Notice } from './group-news.ts';

/** What this device knows of one group: always the newest. */
export interface GroupView {
  readonly conversationId: ConversationId;
  /** A group has none. */
  readonly peer: '';
  /**
   * Name, picture, the user's role (absent: the user is not a member), the last message, unread and mention counts. A new
   * object with each change. Undefined: not (yet) known.
   */
  readonly head: GroupHead | undefined;
  readonly isOpen: boolean;
  /** The newest messages that this device synced, in order, and own ones on their way; as in `ConversationView`. */
  readonly messages: readonly ChatMessage[];
  /** Notices of an open group, in the order of its log; a new array with each change. */
  readonly notices: readonly Notice[];
  /** How far other members of a small open group have read, as far as it came live. */
  readonly readMarks: ReadonlyMap<UserId, MessageId>;
}

const NOBODY: ReadonlyMap<UserId, MessageId> = new Map();
const NOTHING: readonly never[] = [];

interface KnownGroups {
  heads: Pick<GroupHeads, 'get'>;
  /** Undefined: the group is not open. */
  log(group: ConversationId): Pick<GroupLog, 'notices' | 'readMarks'> | undefined;
}

export function groupView(
  { timeline }: Core,
  groups: KnownGroups,
  conversationId: ConversationId,
): GroupView & WithState {
  const kept = () => timeline.peek(groupLog(conversationId));
  const log = () => groups.log(conversationId);
  return {
    conversationId,
    peer: '',
    get head() {
      return groups.heads.get(conversationId);
    },
    get isOpen() {
      return log() !== undefined;
    },
    get messages() {
      return kept()?.messages ?? NOTHING;
    },
    get state() {
      return kept()?.state ?? DEFAULT_STATE;
    },
    get notices() {
      return log()?.notices ?? NOTHING;
    },
    get readMarks() {
      return log()?.readMarks ?? NOBODY;
    },
  };
}
