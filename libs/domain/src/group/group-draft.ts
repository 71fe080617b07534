import { defined } from '../collections/defined.ts';
import type { Position } from '../conversation/audience.ts';
import type { UserId } from '../conversation/conversation-id.ts';
import { SYSTEM_USER } from '../conversation/system-user.ts';
import { type ErrorCode, ImError } from '../errors.ts';
import { publicIdOf } from '../public-picture.ts';
import type { ChangeDecision, ChangeState, GroupBounds } from './change-state.ts';
import type { Group, Role } from './group.ts';
import type { ChangeOutcome, GroupChange } from './group-change.ts';
import type { GroupLink } from './group-link.ts';
import type { MembershipEvent, NoticeName, NoticeUpdate } from './group-updates.ts';
import { isCurrent, MAX_INTERVALS, type Member } from './member.ts';
import { systemMember } from './system-member.ts';

type Applied = Extract<ChangeOutcome, { result: 'applied' }>;
type EndOfStay = Pick<Member, 'leftAt' | 'wasRemoved'> & { upTo: Position };

/** A group while a change is being decided: rules read it and write to it, or refuse. */
export class GroupDraft {
  readonly state: ChangeState;
  readonly bounds: GroupBounds;
  readonly #change: GroupChange;
  readonly #members: Map<UserId, Member>;
  readonly #changed = new Set<UserId>();
  readonly #newcomers: UserId[] = [];
  readonly #links: GroupLink[] = [];
  readonly #endedLinks: string[] = [];
  readonly #waiting: Set<UserId>;
  readonly #endedRequests: UserId[] = [];
  #requests: ChangeDecision['requests'] = [];
  #told: ChangeDecision['told'] = [];
  #group: Group | null;
  #notice: Pick<NoticeUpdate, 'notice' | 'users' | 'values'> | null = null;
  #outcome: Partial<Applied> = {};

  constructor(state: ChangeState, change: GroupChange, bounds: GroupBounds) {
    this.state = state;
    this.bounds = bounds;
    this.#change = change;
    this.#members = new Map(state.members.map((member) => [member.userId, member]));
    this.#waiting = new Set(state.requests.map(({ userId }) => userId));
    this.#group = state.group;
  }

  /** The group, which exists. Errors: `not_found` if it does not, or was dissolved. */
  get group(): Group {
    const group = this.#group;
    if (group === null) throw refusal('not_found', 'conversationId', 'there is no such group');
    if (group.dissolvedAt > 0) throw refusal('not_found', 'conversationId', 'this group was dissolved');
    return group;
  }

  /** Who asks for the change. Errors: `not_a_member`. */
  get asker(): Member {
    const { conversationId } = this.group;
    if (this.#change.by === SYSTEM_USER) return systemMember(conversationId);
    const asker = this.current(this.#change.by);
    if (asker === null) throw refusal('not_a_member', 'conversationId', 'you are not a member of this group');
    return asker;
  }

  /** The row of a user who is or was a member. */
  member(userId: UserId): Member | null {
    return this.#members.get(userId) ?? null;
  }

  current(userId: UserId): Member | null {
    const member = this.member(userId);
    return isCurrent(member) ? member : null;
  }

  isWaiting(userId: UserId): boolean {
    return this.#waiting.has(userId);
  }

  /** The change's notice: what the group's log says of it. */
  announce(notice: NoticeName, users?: readonly UserId[], values?: NoticeUpdate['values']): void {
    this.#notice = { notice, ...defined({ users: users && [...users], values }) };
    this.#outcome.users ??= users ?? [];
  }

  setGroup(fields: Partial<Group>): void {
    this.#group = { ...this.group, ...fields };
  }

  /** A picture of this server goes with the group: it is deleted. */
  dissolve(at: number): void {
    const { picture } = this.group;
    this.setGroup({ dissolvedAt: at, picture: publicIdOf(picture) === null ? picture : '' });
  }

  create(group: Group): void {
    this.#group = group;
  }

  setMember(userId: UserId, fields: Partial<Member>): void {
    const member = this.#members.get(userId);
    if (member === undefined) throw new TypeError(`${userId} has no row`);
    this.#members.set(userId, { ...member, ...fields });
    this.#changed.add(userId);
  }

  /** Begins a stay: the newcomer sees the notice of it. A mute outlasts it. */
  join(userId: UserId, role: Role = 'member'): void {
    const { head } = this.state;
    const { conversationId, at } = this.#change;
    const { lastMessageId } = this.group;
    const former = this.member(userId);
    const stay = { after: head, afterId: lastMessageId };
    this.#members.set(userId, {
      conversationId,
      userId,
      role,
      joinedAt: at,
      mutedUntil: former?.mutedUntil ?? 0,
      intervals: [...(former?.intervals ?? []), stay].slice(-MAX_INTERVALS),
      leftAt: 0,
      wasRemoved: false,
    });
    this.#changed.add(userId);
    this.#newcomers.push(userId);
    this.endRequest(userId);
    this.setGroup({ memberCount: this.group.memberCount + 1 });
  }

  /** Ends a stay: the last that the user sees is the notice of it. */
  end(member: Member, wasRemoved: boolean): void {
    this.#end(this.group, member, { upTo: this.state.head + 1, leftAt: this.#change.at, wasRemoved });
  }

  /** Ends a stay in a group that was dissolved, without a notice: the group is in no list of the user any more. */
  unlist(group: Group, member: Member): void {
    const leftAt = Math.max(this.#change.at, group.dissolvedAt + 1);
    this.#end(group, member, { upTo: this.state.head, leftAt, wasRemoved: false });
    this.tell([member.userId], 'unlisted');
    this.answer({ users: [member.userId] });
  }

  #end(group: Group, { userId, intervals }: Member, { upTo, ...left }: EndOfStay): void {
    const stay = intervals.at(-1) ?? { after: 0, afterId: '' };
    const ended = { ...stay, upTo, upToId: group.lastMessageId };
    this.setMember(userId, { role: 'member', intervals: [...intervals.slice(0, -1), ended], ...left });
    this.#group = { ...group, memberCount: group.memberCount - 1 };
  }

  /** One that is used up has expired. */
  putLink(link: GroupLink): void {
    const expiresAt = Math.min(this.#change.at, this.state.now);
    this.#links.push(link.usesLeft === 0 ? { ...link, expiresAt } : link);
  }

  endLink(linkId: string): void {
    this.#endedLinks.push(linkId);
  }

  request(userId: UserId): void {
    const { conversationId, at } = this.#change;
    this.#requests = [...this.#requests, { conversationId, userId, at }];
  }

  endRequest(userId: UserId): void {
    if (this.#waiting.delete(userId)) this.#endedRequests.push(userId);
  }

  tell(userIds: readonly UserId[], event: MembershipEvent): void {
    const { conversationId, by, at } = this.#change;
    const updates = userIds.map((userId) => {
      const role = this.current(userId)?.role;
      return {
        userId,
        update: { type: 'membership', conversationId, event, by, ...defined({ role }), version: 0, at } as const,
      };
    });
    this.#told = [...this.#told, ...updates];
  }

  /** More of the outcome than those whom it concerns. */
  answer(fields: Partial<Applied>): void {
    this.#outcome = { ...this.#outcome, ...fields };
  }

  decision(): ChangeDecision {
    const { conversationId, by, at } = this.#change;
    const { now } = this.state;
    if (this.#notice !== null && this.#group !== null) {
      const { version, updatedAt } = this.#group;
      this.#group = { ...this.#group, version: version + 1, updatedAt: Math.max(updatedAt, at, now) };
    }
    const group = this.#group;
    if (group === null) throw new TypeError('no group was changed');
    const { version } = group;
    return {
      outcome: { result: 'applied', group, users: [], ...this.#outcome },
      group: this.#notice === null && this.#changed.size === 0 ? null : group,
      members: [...this.#changed].flatMap((userId) => withLastSeen(group, this.#members.get(userId)) ?? []),
      newcomers: this.#newcomers,
      links: this.#links,
      endedLinks: this.#endedLinks,
      requests: this.#requests,
      endedRequests: this.#endedRequests,
      notice: this.#notice && { type: 'notice', conversationId, ...this.#notice, by, version, at },
      told: this.#told.map(({ userId, update }) => ({ userId, update: { ...update, version } })),
    };
  }
}

/** A member whose stay ended with this change keeps what the group is after it. */
function withLastSeen(group: Group, member: Member | undefined): Member | undefined {
  if (member === undefined || member.leftAt === 0) return member;
  const { name, description, picture, settings, memberCount, version } = group;
  return { ...member, lastSeen: { name, description, picture, settings, memberCount, version } };
}

/** A refusal: its code, the field at fault, and what to do. */
export function refusal(code: ErrorCode, field: string, message: string): ImError {
  return new ImError(code, message, { field });
}
