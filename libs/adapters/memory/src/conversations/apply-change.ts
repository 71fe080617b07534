import {
  type ChangeDecision,
  type ChangeOutcome,
  type ChangeState,
  changeDigest,
  concernedBy,
  decideChange,
  EXPIRED_LINK_KEPT_MS,
  type GroupBounds,
  type GroupChange,
  groupLog,
  inboxOf,
  isCurrent,
  MAX_TOLD_ADMINS,
  pictureOfGroup,
  type UserId,
} from '@chasqui/domain';
import type { AppliedChange } from '@chasqui/ports';
import { KeptGroup } from './group-state.ts';
import type { KeptConversations } from './kept-conversations.ts';

/** How long outcomes are kept, ms. */
const KEPT_MS = 24 * 3600 * 1000;

function keyOf({ conversationId, by, changeId }: GroupChange): string {
  return `${conversationId} ${by} ${changeId}`;
}

/** The outcome kept of a change; undefined: it was not met yet. */
export function knownOutcome({ groups }: KeptConversations, change: GroupChange): ChangeOutcome | undefined {
  const known = groups.outcomes.get(keyOf(change));
  return known === undefined || known.digest === changeDigest(change) ? known?.outcome : { result: 'conflict' };
}

export function keepOutcome(
  { groups: { outcomes } }: KeptConversations,
  change: GroupChange,
  outcome: ChangeOutcome,
  now: number,
): void {
  for (const [key, { at }] of outcomes) {
    if (at > now - KEPT_MS) break;
    outcomes.delete(key);
  }
  outcomes.set(keyOf(change), { outcome, digest: changeDigest(change), at: now });
}

/** Applies one change; see `GroupStore.apply`. */
export function applyChange(
  state: KeptConversations,
  change: GroupChange,
  bounds: GroupBounds,
  now: number,
): AppliedChange {
  const known = knownOutcome(state, change);
  if (known !== undefined) return { outcome: known, notice: null, told: [], isRepeat: true };
  const loaded = loadState(state, change, now);
  const decision = decideChange(loaded, change, bounds);
  const { outcome } = decision;
  keepOutcome(state, change, outcome, now);
  const before = loaded.group?.picture ?? '';
  const after = decision.group?.picture ?? before;
  state.attachments.show(pictureOfGroup(change.conversationId), { before, after, by: change.by, at: now });
  return { outcome, ...write(state, change, decision, now), isRepeat: false };
}

function loadState(state: KeptConversations, change: GroupChange, now: number): ChangeState {
  const { conversationId, at } = change;
  const { groups, links } = state.groups;
  const { users, newcomers, linkId, admins } = concernedBy(change);
  const kept = groups.get(conversationId);
  return {
    group: kept?.group ?? null,
    members: users.flatMap((userId) => kept?.members.get(userId)?.member ?? []),
    groupsOf: new Map(newcomers.map((userId) => [userId, state.groups.groupsOf(userId)])),
    requests: users.flatMap((userId) => kept?.requests.get(userId) ?? []),
    link: (linkId !== null && links.get(linkId)) || null,
    linkCount: state.groups.linksOf(conversationId, at).length,
    requestCount: kept?.requests.size ?? 0,
    admins: admins ? adminsOf(kept) : [],
    head: state.logs.get(groupLog(conversationId))?.head ?? 0,
    now,
  };
}

function adminsOf(kept: KeptGroup | undefined): UserId[] {
  return [...(kept?.members.values() ?? [])]
    .filter(({ member }) => isCurrent(member) && member.role === 'admin')
    .map(({ member }) => member.userId)
    .sort()
    .slice(0, MAX_TOLD_ADMINS);
}

function write(
  state: KeptConversations,
  { conversationId, at }: GroupChange,
  decision: ChangeDecision,
  now: number,
): Pick<AppliedChange, 'notice' | 'told'> {
  const { links, groups } = state.groups;
  const { group, notice } = decision;
  if (decision.links.length > 0) state.groups.dropLinks(conversationId, at - EXPIRED_LINK_KEPT_MS);
  for (const link of decision.links) links.set(link.linkId, link);
  for (const linkId of decision.endedLinks) links.delete(linkId);
  const kept = groups.get(conversationId) ?? (group === null ? undefined : new KeptGroup(group));
  if (kept === undefined) return { notice: null, told: [] };
  groups.set(conversationId, kept);
  if (group !== null) kept.group = group;
  for (const member of decision.members) {
    const { read = { upTo: '', at: 0, node: '' }, named } = kept.members.get(member.userId) ?? {};
    kept.members.set(member.userId, { member, read, ...(isCurrent(member) && named !== undefined ? { named } : {}) });
  }
  for (const userId of decision.newcomers) {
    const member = kept.members.get(userId);
    if (member !== undefined) kept.mark(member, { upTo: kept.group.lastMessageId, at, node: '' });
  }
  for (const userId of decision.endedRequests) kept.requests.delete(userId);
  for (const request of decision.requests) kept.requests.set(request.userId, request);
  const told = decision.told.map(({ userId, update }) => {
    const position = state.log(inboxOf(userId)).append(update, now);
    return { userId, entry: { ...update, position } };
  });
  if (notice === null) return { notice, told };
  return { notice: { ...notice, position: state.log(groupLog(conversationId)).append(notice, now) }, told };
}
