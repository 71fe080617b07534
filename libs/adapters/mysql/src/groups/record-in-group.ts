import {
  formerSender,
  type Group,
  isCurrent,
  type Member,
  type MessageToRecord,
  placeImported,
  placeLast,
  postRefusal,
  previewOf,
  type UserId,
} from '@chasqui/domain';
import type { RecordOutcome } from '@chasqui/ports';
import type { Answer, Row, Statement } from '../engine/index.ts';
import {
  groupsOf,
  type MemberRow,
  memberKey,
  membersOf,
  saveLast,
  saveMembers,
  selectGroups,
  selectMembers,
} from './group-rows.ts';
import { saveTotals, selectTotals, type TotalKey, totalKey, totalsOf, Who } from './totals.ts';

/** The reads that `GroupBatch` needs of the groups of these messages. */
export function selectForGroups(messages: readonly MessageToRecord[]): Statement[] {
  const members = messages.flatMap(({ conversationId, from, mentions = [] }) =>
    [from, ...(mentions === 'all' ? [] : mentions)].map((userId) => ({ conversationId, userId })),
  );
  const keys = messages.flatMap((message): TotalKey[] =>
    [...whosOf(message, namesOf(message))].map((who) => ({ conversationId: message.conversationId, who })),
  );
  return [
    selectGroups([...new Set(messages.map(({ conversationId }) => conversationId))]),
    selectMembers([...new Map(members.map((key) => [memberKey(key), key])).values()]),
    selectTotals([...new Map(keys.map((key) => [totalKey(key), key])).values()]),
  ];
}

function namesOf({ mentions = [], from }: MessageToRecord): UserId[] {
  return mentions === 'all' ? [] : [...new Set(mentions)].filter((userId) => userId !== from);
}

/** What a message counts for; `named`: the members whom it mentions by name. */
function whosOf({ from, mentions }: MessageToRecord, named: readonly UserId[]): string[] {
  const toAll = mentions === 'all' ? [Who.toAll, Who.ownToAll(from)] : [];
  return [Who.messages, Who.own(from), ...toAll, ...named.map(Who.named)];
}

/** The groups of a batch of messages, while it holds the locks of their logs. */
export class GroupBatch {
  readonly #groups: Map<string, Group>;
  readonly #members: Map<string, MemberRow>;
  readonly #totals: Map<string, number>;
  readonly #now: number;
  readonly #changed = new Set<string>();
  readonly #rows: Row[] = [];
  readonly #formerSenders: MemberRow[] = [];

  constructor([groups, members, totals]: readonly (Answer | undefined)[], now: number) {
    this.#groups = groupsOf(groups);
    this.#members = membersOf(members);
    this.#totals = totalsOf(totals);
    this.#now = now;
  }

  /** Whether the log takes the message, and then its final id. */
  place(
    message: MessageToRecord,
  ): Extract<RecordOutcome, { result: 'refused' | 'out_of_order' }> | { result: 'taken'; messageId: string } {
    const { conversationId, from, mentions, sentAt, messageId: given } = message;
    const group = this.#groups.get(conversationId);
    const sender = this.#members.get(memberKey({ conversationId, userId: from }))?.member;
    const reason = message.isImported
      ? null
      : postRefusal(group ?? null, sender, { from, mentionsAll: mentions === 'all', at: sentAt });
    if (group === undefined || reason !== null) {
      return { result: 'refused', reason: reason ?? 'not_a_member', messageId: given };
    }
    const messageId = (message.isImported ? placeImported : placeLast)(group.lastMessageId, message);
    if (messageId === null) return { result: 'out_of_order', messageId: given };
    this.#keepSender(formerSender(group, sender, { from, at: sentAt }));
    const named = namesOf(message).filter((userId) =>
      isCurrent(this.#members.get(memberKey({ conversationId, userId }))?.member),
    );
    for (const who of whosOf(message, named)) this.#count({ conversationId, who }, messageId);
    const updatedAt = Math.max(group.updatedAt, sentAt, this.#now);
    const last = { lastMessageId: messageId, lastFrom: from, preview: previewOf(message.content), updatedAt };
    this.#groups.set(conversationId, { ...group, ...last });
    this.#changed.add(conversationId);
    return { result: 'taken', messageId };
  }

  writes(): Statement[] {
    if (this.#rows.length === 0) return [];
    const last = [...this.#changed].map((id) => saveLast(this.#groups.get(id) as Group));
    return [saveTotals(this.#rows), ...last, ...saveMembers(this.#formerSenders, true)];
  }

  #keepSender(member: Member | null): void {
    if (member === null) return;
    const read = { upTo: '', at: 0, node: '', others: 0, mentions: 0 };
    const row = { member, read, displayName: member.userId };
    this.#members.set(memberKey(member), row);
    this.#formerSenders.push(row);
  }

  #count(key: TotalKey, messageId: string): void {
    const total = (this.#totals.get(totalKey(key)) ?? 0) + 1;
    this.#totals.set(totalKey(key), total);
    this.#rows.push([key.conversationId, key.who, messageId, total]);
  }
}
