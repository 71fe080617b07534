import type {
  ChangeOutcome,
  ChangeRefusal,
  ConversationId,
  Group,
  GroupBounds,
  GroupChange,
  GroupLink,
  Interval,
  JoinRequest,
  LogEntry,
  Member,
  MemberKey,
  MessageId,
  Position,
  ReadMark,
  Role,
  UserId,
} from '@chasqui/domain';

/** A change, and what was appended for it. */
export interface AppliedChange {
  outcome: ChangeOutcome;
  /**
   * The notice in the group's log; null: the change has none, or it changed nothing. Also null for a repeat, like
   * `told`.
   */
  notice: (LogEntry & { type: 'notice' }) | null;
  /** The updates in the inboxes of those concerned. */
  told: readonly { userId: UserId; entry: LogEntry & { type: 'membership' } }[];
  /** The change had been applied or refused before. */
  isRepeat: boolean;
}

/** A member with the name by which lists have them: `displayName` of their profile. */
export interface NamedMember {
  member: Member;
  displayName: string;
}

/** A member's place in a list by names. */
export interface NamePlace {
  role: Role;
  /** `memberOrder` of the name. */
  order: string;
  userId: UserId;
}

/** A member's place in what a search found. */
export interface WordPlace {
  word: string;
  userId: UserId;
}

export interface FoundMembers {
  members: NamedMember[];
  next?: WordPlace;
}

/** The maximum of words that one call of `find` reads. */
export const MAX_FOUND_WORDS = 1_000;

/** `next` is of `a–z A–Z 0–9 . _ : -`, at most 64 of them. */
export interface GroupPage {
  groups: Group[];
  next?: string;
}

/** A group as one of its members finds it in a list of conversations. Former members keep theirs, without counts. */
export interface GroupHead {
  /** By `groupAsSeenBy`. */
  group: Group;
  member: Member;
  /** The head of the group's log, as far as the member may see it, and the log's epoch. */
  head: Position;
  epoch: string;
  /** The member's read mark. */
  read: Omit<ReadMark, 'userId'>;
  /** Messages of others after the read mark; recalled ones stay counted (C21). */
  unread: number;
  /** Of these, the ones that mention the member, by name or as one of all. */
  mentions: number;
}

/** A user's exact counts in groups (C21). */
export interface GroupUnread {
  total: number;
  /** Groups without unread messages are left out. */
  byConversation: { [conversationId: ConversationId]: number };
  /** Of these, the messages that mention the user. */
  mentions: { [conversationId: ConversationId]: number };
}

/** A group that a user is a member of, and their current stay in it. */
export interface Stay {
  conversationId: ConversationId;
  interval: Interval;
}

/** Adds a group to a user's counts. */
export function countGroup(
  counts: GroupUnread,
  conversationId: ConversationId,
  { unread, mentions }: Pick<GroupHead, 'unread' | 'mentions'>,
): void {
  if (unread === 0) return;
  counts.total += unread;
  setOwn(counts.byConversation, conversationId, unread);
  if (mentions > 0) setOwn(counts.mentions, conversationId, mentions);
}

/** Also under the name `__proto__`, which an assignment would not make a property of. */
function setOwn(counts: { [name: string]: number }, name: string, value: number): void {
  Object.defineProperty(counts, name, { value, enumerable: true, configurable: true, writable: true });
}

/** Somebody who has read a message. */
export interface Reader {
  userId: UserId;
  /** Unix ms at which their mark reached the place where it is now. */
  at: number;
}

/**
 * Groups: memberships, links, requests. `ConversationStore` records their messages and marks, in the same database:
 * each write is one transaction, and a resolved write survives kill -9. Errors: `store_unavailable` (repeat: every call
 * is idempotent).
 */
export interface GroupStore extends AsyncDisposable {
  /**
   * Decides a change with `decideChange` and applies it: group, members and links change, the notice is appended to the
   * group's log, updates are appended to the inboxes of those concerned, and the outcome is kept for at least a day, all
   * in one transaction. A change whose asker and `changeId` were met before changes nothing and has the outcome kept.
   * Costs the same for a group of any size: it reads and writes the asker and those concerned only. A `picture` of this
   * server is shown, and the one before is not, as `ProfileStore.put` does with `avatar`.
   */
  apply(change: GroupChange, bounds: GroupBounds): Promise<AppliedChange>;
  /**
   * The outcome of a change that was applied or refused; null: it was not met yet. `conflict` if its asker and
   * `changeId` were met with another change (`at` makes no difference), as in `apply`.
   */
  outcome(change: GroupChange): Promise<ChangeOutcome | null>;
  /** Keeps a refusal as the outcome of a change that can never be handled, unless it has one. */
  refuse(change: GroupChange, refusal: ChangeRefusal): Promise<void>;
  /** In the order of the ids; null: there is no such group. */
  groups(ids: readonly ConversationId[]): Promise<(Group | null)[]>;
  /**
   * All groups, also dissolved ones, page by page in an order of the adapter's own; one that is made meanwhile may be
   * left out. `after`: `next` of the page before; absent: that was all.
   */
  all(options: { after?: string; limit: number }): Promise<GroupPage>;
  /** In the order of the keys; also former members. Null: the user never was in the group. */
  members(keys: readonly MemberKey[]): Promise<(Member | null)[]>;
  /** Current members in the order of their roles, then of their ids; `after`: the last of the page before. */
  page(
    conversationId: ConversationId,
    options: { role?: Role; after?: Pick<Member, 'role' | 'userId'>; limit: number },
  ): Promise<Member[]>;
  /**
   * Current members in the order of their roles, then of `memberOrder` of their names, then of their ids. A member's name
   * is that of their profile, also after it changed, and their id without a profile. Costs the same for a group of any
   * size. Whoever changes their name while somebody reads page by page may be missed or met twice.
   */
  byName(
    conversationId: ConversationId,
    options: { role?: Role; after?: NamePlace; limit: number },
  ): Promise<NamedMember[]>;
  /**
   * Current members who are found by `memberSearch(text)` among their `memberWords`, in the order of the word at which
   * they are found, then of their ids. Reads at most `MAX_FOUND_WORDS` words, so a page may be shorter than `limit`
   * although more follow: go on after `next`; absent: that was all.
   */
  find(
    conversationId: ConversationId,
    options: { text: string; role?: Role; after?: WordPlace; limit: number },
  ): Promise<FoundMembers>;
  /**
   * All memberships of a user, and former ones that ended within the last 30 days; at most `limit`: current ones as
   * in `stays`, then those that ended last. Those that ended before cost nothing.
   */
  memberships(userId: UserId, limit: number): Promise<Member[]>;
  /** The groups that a user is a member of, at most `limit`; of more, those that exist. What each log-in reads. */
  stays(userId: UserId, limit: number): Promise<Stay[]>;
  /**
   * The user's groups, most recently updated first, then those with the greater id, as in `ConversationStore.list`;
   * also those that they left; `unlisted`: and those that they removed from their lists, which `isListed` says. `since`:
   * only those updated at or after that time (Unix ms), by `updatedAt` as the user sees it, and those in which an edit
   * has mentioned them since then in a message that is not read yet. `before`: the last one of the
   * page before. Costs by the groups that they are in, those that they removed and the page, not by all that they have
   * left.
   */
  heads(
    userId: UserId,
    options: {
      since?: number;
      before?: { updatedAt: number; conversationId: ConversationId };
      unlisted?: boolean;
      limit: number;
    },
  ): Promise<GroupHead[]>;
  /** In the order of the keys; null: the user never was in the group. */
  headsOf(keys: readonly MemberKey[]): Promise<(GroupHead | null)[]>;
  /**
   * In the order of `userIds`: their counts in the groups that they are members of, for the whole page of users by one
   * read. Costs by their groups, not by those that they have left.
   */
  unread(userIds: readonly UserId[]): Promise<GroupUnread[]>;
  /**
   * Current members who joined before the message and whose mark has reached it, by user id after `after`; without its
   * sender.
   */
  readers(
    conversationId: ConversationId,
    messageId: MessageId,
    options: { after?: UserId; limit: number },
  ): Promise<Reader[]>;
  /** Links that have not ended, newest first; at most 100 exist. */
  links(conversationId: ConversationId): Promise<GroupLink[]>;
  /** The link with this id, for `EXPIRED_LINK_KEPT_MS` at least also if it has expired; null: there is none. */
  link(linkId: string): Promise<GroupLink | null>;
  /** Requests to join, oldest first; at most 1,000 exist. */
  requests(conversationId: ConversationId, options: { after?: JoinRequest; limit: number }): Promise<JoinRequest[]>;
  /**
   * Ends the requests of a user who is erased, also those to groups that were dissolved; nobody is told. Reads the
   * requests of all users.
   */
  removeRequests(userId: UserId): Promise<void>;
  ping(): Promise<void>;
}
