import {
  type ChangeOutcome,
  type ConversationId,
  type Group,
  type GroupLink,
  isCurrent,
  type JoinRequest,
  type Member,
  type Mentions,
  type MessageId,
  type ReadMark,
  type UserId,
} from '@chasqui/domain';

/** A message of a group, as far as counts need it. */
export interface CountedMessage {
  messageId: MessageId;
  from: UserId;
  /** Also of users who were not members: whoever joins begins behind it. */
  mentions: Mentions;
}

export interface KeptMember {
  member: Member;
  read: Omit<ReadMark, 'userId'>;
  /** Messages after the mark that mention them since an edit, and when that was, Unix ms. */
  named?: Map<MessageId, number>;
}

/** One group, with everybody who is or was in it. */
export class KeptGroup {
  readonly members = new Map<UserId, KeptMember>();
  readonly requests = new Map<UserId, JoinRequest>();
  /** In the order of the log, so also of their ids. */
  readonly messages: CountedMessage[] = [];
  group: Group;

  constructor(group: Group) {
    this.group = group;
  }

  /** Messages of others after a member's mark, and those of them that mention the member (C21). */
  counts({ member, read: { upTo }, named }: KeptMember): { unread: number; mentions: number } {
    const { userId } = member;
    if (!isCurrent(member)) return { unread: 0, mentions: 0 };
    const read = this.messages.findLastIndex(({ messageId }) => messageId <= upTo);
    const unread = this.messages.slice(read + 1).filter(({ from }) => from !== userId);
    return {
      unread: unread.length,
      mentions: unread.filter((message) => mentionsUser(message, userId) || named?.has(message.messageId)).length,
    };
  }

  /** An edit mentions these users. */
  name(messageId: MessageId, userIds: readonly UserId[], at: number): void {
    const message = this.messages.findLast((one) => one.messageId === messageId);
    if (message === undefined) return;
    for (const userId of userIds) {
      const kept = this.members.get(userId);
      if (kept === undefined || !isCurrent(kept.member) || messageId <= kept.read.upTo) continue;
      if (userId === message.from || mentionsUser(message, userId) || kept.named?.has(messageId)) continue;
      kept.named = new Map(kept.named).set(messageId, at);
    }
  }

  /** Moves a member's mark. */
  mark(kept: KeptMember, read: KeptMember['read']): void {
    kept.read = read;
    for (const messageId of kept.named?.keys() ?? []) if (messageId <= read.upTo) kept.named?.delete(messageId);
  }
}

function mentionsUser({ mentions }: CountedMessage, userId: UserId): boolean {
  return mentions === 'all' || mentions.includes(userId);
}

/** Groups, as a database would hold them. */
export class GroupState {
  readonly groups = new Map<ConversationId, KeptGroup>();
  readonly links = new Map<string, GroupLink>();
  /** The outcomes of changes by group, asker and `changeId`, oldest first. */
  readonly outcomes = new Map<string, { outcome: ChangeOutcome; digest: string; at: number }>();

  *memberships(userId: UserId): Generator<{ kept: KeptGroup; member: KeptMember }> {
    for (const kept of this.groups.values()) {
      const member = kept.members.get(userId);
      if (member !== undefined) yield { kept, member };
    }
  }

  unread(userId: UserId, conversationId: ConversationId): number {
    const kept = this.groups.get(conversationId);
    const member = kept?.members.get(userId);
    return kept === undefined || member === undefined ? 0 : kept.counts(member).unread;
  }

  /** Of how many groups that exist the user is a member. */
  groupsOf(userId: UserId): number {
    let count = 0;
    for (const { kept, member } of this.memberships(userId)) {
      if (kept.group.dissolvedAt === 0 && isCurrent(member.member)) count++;
    }
    return count;
  }

  linksOf(conversationId: ConversationId, now: number): GroupLink[] {
    return [...this.links.values()].filter((link) => link.conversationId === conversationId && !hasExpired(link, now));
  }

  /** Removes the group's links that had expired by then. */
  dropLinks(conversationId: ConversationId, by: number): void {
    for (const [id, link] of this.links) {
      if (link.conversationId === conversationId && hasExpired(link, by)) this.links.delete(id);
    }
  }
}

function hasExpired({ expiresAt }: GroupLink, now: number): boolean {
  return expiresAt > 0 && expiresAt <= now;
}
