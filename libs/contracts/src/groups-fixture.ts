import {
  type ChangeDetails,
  type ChangeName,
  type ChangeOutcome,
  type ConversationId,
  type GroupChange,
  type GroupSettings,
  groupLog,
  inboxOf,
  type LogEntry,
  type LogId,
  type Mentions,
  type MessageId,
  type MessageToRecord,
  type Role,
  type UserId,
} from '@chasqui/domain';
import type {
  AppliedChange,
  ConversationStore,
  GroupHead,
  GroupStore,
  ProfileStore,
  RecordOutcome,
  UpdateLog,
} from '@chasqui/ports';
import { expect } from 'vitest';
import { recorded } from './conversations-fixture.ts';
import { type Harness, subjectOf } from './harness.ts';
import { createSamples, type MessageFields, toRecord } from './samples.ts';

/** Groups, with the conversations and logs that share their transactions. */
export interface Groups {
  conversations: ConversationStore;
  groups: GroupStore;
  logs: UpdateLog;
  /** On the same database: the names of members. */
  profiles: ProfileStore;
}

export interface GroupsHarness extends Harness<Groups> {
  /**
   * Only for engines that store counts: sets a member's stored counts of a group, as a bug would, behind the store's
   * back.
   */
  spoilCount?(userId: UserId, conversationId: ConversationId, unread: number, mentions: number): Promise<void>;
}

export const [ANN, BOB, CAT, DAN, EVE] = ['ann', 'bob', 'cat', 'dan', 'eve'] as const;
export const TEAM = 'team';
export const BOUNDS = { maxGroupMembers: 100, maxGroupsPerUser: 20 };
export const LINK = 'link-of-22-characters.';

export type Applied = AppliedChange & { outcome: Extract<ChangeOutcome, { result: 'applied' }> };

/** Fields of a change that tests set; the rest gets sample values. */
export type ChangeFields = Partial<Pick<GroupChange, 'conversationId' | 'changeId' | 'by' | 'at'>>;

export function groupsFixture(harness: GroupsHarness) {
  const subject = subjectOf(harness, ({ conversations, groups, logs, profiles }) => [
    conversations,
    groups,
    logs,
    profiles,
  ]);
  const samples = createSamples(harness.clock);
  const store = () => subject.current.groups;
  const { conversations, logs } = {
    conversations: () => subject.current.conversations,
    logs: () => subject.current.logs,
  };
  let made = 0;

  const changeOf = <N extends ChangeName>(change: N, details: ChangeDetails[N], fields: ChangeFields = {}) => {
    made++;
    const common = { conversationId: TEAM, changeId: `change-${made}`, by: ANN, at: harness.clock.now() + made };
    return { change, details, ...common, ...fields } as GroupChange;
  };
  /** Asks for a change, by default Ann for the team. */
  const apply = <N extends ChangeName>(change: N, details: ChangeDetails[N], fields?: ChangeFields) =>
    store().apply(changeOf(change, details, fields), BOUNDS);
  /** The same; the change must be applied. */
  const change = async <N extends ChangeName>(name: N, details: ChangeDetails[N], fields?: ChangeFields) =>
    mustBeApplied(await apply(name, details, fields));

  const toGroup = (from: UserId, fields: Partial<MessageFields> = {}): MessageToRecord => {
    const { conversationId = TEAM } = fields;
    return toRecord(
      samples.message({ from, kind: 'group', conversationId, audience: [groupLog(conversationId)], ...fields }),
    );
  };
  /** Records one message, whatever becomes of it. */
  const offer = async (from: UserId, fields?: Partial<MessageFields>): Promise<RecordOutcome> => {
    const [outcome] = await conversations().record([toGroup(from, fields)]);
    return outcome ?? expect.fail('no outcome');
  };

  return {
    subject,
    samples,
    store,
    conversations,
    logs,
    profiles: () => subject.current.profiles,
    changeOf,
    apply,
    change,
    /** Creates a group; its creator is Ann unless `by` is given. */
    create: (
      members: readonly UserId[] = [BOB, CAT],
      settings: Partial<GroupSettings> = {},
      fields: ChangeFields = {},
    ) => change('create', { name: 'Team', description: '', picture: '', settings, members }, fields),
    toGroup,
    offer,
    /** Records one message to the team, which must take it. */
    async post(from: UserId, fields?: Partial<MessageFields>) {
      const message = toGroup(from, fields);
      const outcome = recorded((await conversations().record([message]))[0]);
      return { ...message, messageId: outcome.messageId, outcome };
    },
    mention: (from: UserId, mentions: Mentions) => offer(from, { mentions }),
    read: (userId: UserId, upTo: MessageId, at = 1, conversationId = TEAM) =>
      conversations().markRead({ userId, conversationId, upTo, at, node: `node-${at}` }),
    async head(userId: UserId, conversationId = TEAM): Promise<GroupHead> {
      const [head] = await store().headsOf([{ conversationId, userId }]);
      return head ?? expect.fail(`${userId} never was in ${conversationId}`);
    },
    /** [unread, mentions] of each user. */
    async counts(...userIds: UserId[]): Promise<(readonly [number, number] | null)[]> {
      const heads = await store().headsOf(userIds.map((userId) => ({ conversationId: TEAM, userId })));
      return heads.map((head) => head && ([head.unread, head.mentions] as const));
    },
    drift: async (repair = false) => (await conversations().recount(null, { repair, limit: 100 })).drift,
    async member(userId: UserId, conversationId = TEAM) {
      return (await store().members([{ conversationId, userId }]))[0] ?? null;
    },
    async group(conversationId = TEAM) {
      const [group] = await store().groups([conversationId]);
      return group ?? expect.fail(`there is no ${conversationId}`);
    },
    /** [user, role] of all current members, in pages of two. */
    async roles(conversationId = TEAM): Promise<[UserId, Role][]> {
      const all: [UserId, Role][] = [];
      for (;;) {
        const last = all.at(-1);
        const after = last === undefined ? {} : { after: { userId: last[0], role: last[1] } };
        const page = await store().page(conversationId, { ...after, limit: 2 });
        all.push(...page.map(({ userId, role }): [UserId, Role] => [userId, role]));
        if (page.length < 2) return all;
      }
    },
    log: (conversationId = TEAM) => entriesOf(logs(), groupLog(conversationId)),
    inbox: (userId: UserId) => entriesOf(logs(), inboxOf(userId)),
  };
}

export function mustBeApplied(applied: AppliedChange): Applied {
  const { outcome } = applied;
  if (outcome.result === 'applied') return { ...applied, outcome };
  return expect.fail(`not applied: ${JSON.stringify(outcome)}`);
}

/** A whole log, read in small pages; fails when positions are not contiguous (C10). */
async function entriesOf(logs: UpdateLog, log: LogId): Promise<LogEntry[]> {
  const entries: LogEntry[] = [];
  for (let after = 0; ; ) {
    const page = await logs.page(log, after, 5);
    after = Math.max(after, page.floor);
    for (const entry of page.entries) expect(entry.position).toBe(++after);
    entries.push(...page.entries);
    if (after >= page.head) return entries;
    if (page.entries.length === 0) expect.fail(`an empty page at ${after} of ${page.head}`);
  }
}
