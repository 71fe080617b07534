import {
  type ConversationId,
  type ConversationState,
  DEFAULT_STATE,
  groupLog,
  type MessageId,
  type UserId,
} from '@chasqui/domain';
import type { ChatMessage } from './chat-message.ts';
import type { Core } from './core.ts';
import type { GroupHead, Notice } from './group-news.ts';
import type { Groups } from './groups.ts';

const NOBODY: ReadonlyMap<UserId, MessageId> = new Map();
const NOTHING: readonly never[] = [];

/** What this device knows of one group: always the newest. */
export class GroupView {
  readonly conversationId: ConversationId;
  /** A group has none. */
  readonly peer = '';
  readonly #core: Core;
  readonly #groups: Groups;

  constructor(core: Core, groups: Groups, conversationId: ConversationId) {
    this.conversationId = conversationId;
    this.#core = core;
    this.#groups = groups;
  }

  /**
   * Name, picture, the user's role (absent: the user is not a member), the last message, unread and mention counts. A new
   * object with each change. Undefined: not (yet) known.
   */
  get head(): GroupHead | undefined {
    return this.#groups.heads.get(this.conversationId);
  }

  get isOpen(): boolean {
    return this.#groups.log(this.conversationId) !== undefined;
  }

  /** The newest messages that this device synced, in order, and own ones on their way; as in `ConversationView`. */
  get messages(): readonly ChatMessage[] {
    return this.#core.timeline.peek(groupLog(this.conversationId))?.messages ?? NOTHING;
  }

  /** As in `ConversationView`: `Client.setState` changes it. */
  get state(): ConversationState {
    return this.#core.timeline.peek(groupLog(this.conversationId))?.state ?? DEFAULT_STATE;
  }

  /** Notices of an open group, in the order of its log; a new array with each change. */
  get notices(): readonly Notice[] {
    return this.#groups.log(this.conversationId)?.notices ?? NOTHING;
  }

  /** How far other members of a small open group have read, as far as it came live. */
  get readMarks(): ReadonlyMap<UserId, MessageId> {
    return this.#groups.log(this.conversationId)?.readMarks ?? NOBODY;
  }
}
