import type { UserId } from '../conversation/conversation-id.ts';
import type { ChangeDecision } from '../group/change-state.ts';
import { concernedBy, decideChange } from '../group/decide-change.ts';
import type { Group } from '../group/group.ts';
import type { ChangeDetails, ChangeName, GroupChange } from '../group/group-change.ts';
import { type GroupLink, type JoinRequest, MAX_TOLD_ADMINS } from '../group/group-link.ts';
import { isCurrent, type Member } from '../group/member.ts';

/** The simplest store of one group, for tests of the rules: it loads what a change concerns, and applies the decision. */
export class GroupModel {
  readonly bounds = { maxGroupMembers: 10, maxGroupsPerUser: 5 };
  readonly members = new Map<UserId, Member>();
  readonly links = new Map<string, GroupLink>();
  readonly requests = new Map<UserId, JoinRequest>();
  readonly #groupsOf = new Map<UserId, number>();
  group: Group | null = null;
  head = 0;
  now = 1_000;
  #made = 0;

  member(userId: UserId): Member | undefined {
    return this.members.get(userId);
  }

  current(): Member[] {
    return [...this.members.values()].filter(isCurrent);
  }

  /** The user is in so many other groups. */
  inGroups(userId: UserId, count: number): void {
    this.#groupsOf.set(userId, count);
  }

  /** A message, of which only the place and the id matter here. */
  post(): void {
    if (this.group === null) return;
    this.head++;
    this.group = { ...this.group, lastMessageId: (++this.#made).toString(16).padStart(24, '0') };
  }

  change<N extends ChangeName>(by: UserId, change: N, details: ChangeDetails[N]): GroupChange {
    return { change, details, by, at: this.now, conversationId: 'team', changeId: 'k' } as GroupChange;
  }

  ask<N extends ChangeName>(by: UserId, name: N, details: ChangeDetails[N]): ChangeDecision {
    this.now++;
    const change = this.change(by, name, details);
    const decision = decideChange(this.#stateFor(change), change, this.bounds);
    this.#write(decision);
    return decision;
  }

  /** Errors: an `Error` if it is refused. */
  must<N extends ChangeName>(by: UserId, name: N, details: ChangeDetails[N]): ChangeDecision {
    const decision = this.ask(by, name, details);
    if (decision.outcome.result !== 'applied') throw new Error(`${name}: ${JSON.stringify(decision.outcome)}`);
    return decision;
  }

  /** Returns the message of the refusal. Errors: an `Error` if it is another one, or none. */
  refuses<N extends ChangeName>(by: UserId, name: N, details: ChangeDetails[N], code: string, field: string): string {
    const { outcome } = this.ask(by, name, details);
    if (outcome.result === 'refused' && outcome.code === code && outcome.field === field) return outcome.message;
    throw new Error(`${name}: not ${code} of ${field}, but ${JSON.stringify(outcome)}`);
  }

  #stateFor(change: GroupChange) {
    const { users, newcomers, linkId, admins } = concernedBy(change);
    const adminIds = this.current().flatMap(({ role, userId }) => (role === 'admin' ? [userId] : []));
    return {
      group: this.group,
      members: users.flatMap((userId) => this.members.get(userId) ?? []),
      groupsOf: new Map(newcomers.map((userId) => [userId, this.#groupsOf.get(userId) ?? 0])),
      requests: users.flatMap((userId) => this.requests.get(userId) ?? []),
      link: (linkId !== null && this.links.get(linkId)) || null,
      linkCount: this.links.size,
      requestCount: this.requests.size,
      admins: admins ? adminIds.sort().slice(0, MAX_TOLD_ADMINS) : [],
      head: this.head,
      now: this.now,
    };
  }

  #write({ group, members, links, endedLinks, requests, endedRequests, notice }: ChangeDecision): void {
    this.group = group ?? this.group;
    for (const member of members) this.members.set(member.userId, member);
    for (const link of links) this.links.set(link.linkId, link);
    for (const linkId of endedLinks) this.links.delete(linkId);
    for (const userId of endedRequests) this.requests.delete(userId);
    for (const request of requests) this.requests.set(request.userId, request);
    if (notice !== null) this.head++;
  }
}
