import type {
  ConversationId,
  GroupProfile,
  GroupSettings,
  MembershipEvent,
  MessageId,
  NoticeName,
  Position,
  Role,
  UserId,
} from '@chasqui/domain';

/** A group as a list of conversations shows it. Counts are exact (C21). */
export interface GroupHead {
  conversationId: ConversationId;
  name: string;
  picture: string;
  /** Rises with each change of the group. */
  version: number;
  memberCount: number;
  /** Absent: the user is not a member. */
  role?: Role;
  /** Unix ms until which the user may not post. */
  mutedUntil?: number;
  /** Unix ms. */
  dissolvedAt?: number;
  /** The last position of the group's log. */
  head: Position;
  /** The epoch of the group's log. */
  epoch: string;
  lastMessageId?: MessageId;
  lastFrom?: UserId;
  /** The beginning of the last message's text. */
  preview: string;
  /** The user's mark. */
  readUpTo?: MessageId;
  unread: number;
  mentions: number;
  /** Unix ms. */
  updatedAt: number;
}

/** Something happened in a group. */
export interface Notice {
  conversationId: ConversationId;
  notice: NoticeName;
  by: UserId;
  /** Those whom it concerns. */
  users?: UserId[];
  /** What has changed; `until`: Unix ms. */
  values?: Partial<GroupProfile> & { settings?: Partial<GroupSettings>; role?: Role; until?: number };
  /** The version of the group since then. */
  version: number;
  /** Unix ms. */
  at: number;
  /** Its place in the group's log; absent: it came live, and the log will bring it. */
  position?: Position;
}

/** What became of the user in a group; `unlisted`: they left one that was dissolved. */
export interface MembershipNews {
  conversationId: ConversationId;
  event: MembershipEvent;
  by: UserId;
  /** Absent: the user is not a member any more. */
  role?: Role;
  /** The version of the group since then. */
  version: number;
  /** Unix ms. */
  at: number;
}
