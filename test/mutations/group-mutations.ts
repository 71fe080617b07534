import type { Mutation } from './mutation.ts';

const GROUP = 'libs/domain/src/group';
const RULES = ['test', 'links.test', 'properties.test'].map((name) => `${GROUP}/decide-change.${name}.ts`);
const VISIBILITY = [`${GROUP}/visibility.test.ts`];
const MEMORY = 'libs/adapters/memory/src/conversations';
const GROUPS = [`${MEMORY}/groups.test.ts`];

const BUSINESS = 'apps/business/src';
const IN_BUSINESS = ['groups', 'group-reads', 'group-recalls', 'group-failures'].map(
  (name) => `test/business/${name}.test.ts`,
);
const PUSH = 'apps/push/src';
const IN_PUSH = [`${PUSH}/push.groups.test.ts`, `${PUSH}/group-plans.test.ts`];

const GROUP_SENDS = 'apps/connect/src/send/conversations/group.ts';
const GROUP_SENDS_TEST = 'apps/connect/src/send/message-sender.groups.test.ts';
const GROUP_DELIVERIES = 'apps/connect/src/groups/group-deliveries.ts';
const GROUP_DELIVERIES_TEST = 'apps/connect/src/groups/group-deliveries.test.ts';

/** Mutations of what the contracts of groups depend on. */
export const GROUP_MUTATIONS: readonly Mutation[] = [
  {
    what: 'C18: ids do not rise with positions',
    file: 'libs/domain/src/sent-order.ts',
    tests: GROUPS,
    text: 'return message.messageId > last ? message.messageId : idBehind(last, message);',
    broken: 'return message.messageId || idBehind(last, message);',
  },
  {
    what: 'C18: a muted member posts',
    file: `${GROUP}/visibility.ts`,
    tests: VISIBILITY,
    text: "if (member.mutedUntil > at) return 'muted';",
    broken: '',
  },
  {
    what: 'C18: a refusal is forgotten',
    file: `${MEMORY}/record-message.ts`,
    tests: GROUPS,
    text: "if (refused !== undefined) return { result: 'refused', reason: refused, messageId };",
    broken: '',
  },
  {
    what: 'C18: a change is applied twice',
    file: `${MEMORY}/apply-change.ts`,
    tests: GROUPS,
    text: 'if (known !== undefined) return',
    broken: "if (known?.result === 'conflict') return",
  },
  {
    what: 'C18: an admin changes another admin',
    file: `${GROUP}/change-checks.ts`,
    tests: RULES,
    text: 'if (rank(asker.role) < rank(role)) return;',
    broken: 'if (rank(asker.role) <= rank(role)) return;',
  },
  {
    what: 'C18: a group has two owners',
    file: `${GROUP}/role-rules.ts`,
    tests: RULES,
    text: "draft.setMember(by, { role: 'admin' });",
    broken: '',
  },
  {
    what: 'C20: a stay is wrong by one at its end',
    file: `${GROUP}/group-draft.ts`,
    tests: GROUPS,
    text: 'upTo: this.state.head + 1,',
    broken: 'upTo: this.state.head,',
  },
  {
    what: 'C20: a former member sees the last message in the list',
    file: `${GROUP}/visibility.ts`,
    tests: VISIBILITY,
    text: 'if (maySeeMessage(group, member, group.lastMessageId)) return seen;',
    broken: "if (group.lastMessageId !== '') return seen;",
  },
  {
    what: 'C20: a rejoined member sees the gap between their stays',
    file: `${GROUP}/visibility.ts`,
    tests: VISIBILITY,
    text: "if (history === 'since_join' || settings.history === 'since_join') return member.intervals;",
    broken:
      "if (history === 'since_join' || settings.history === 'since_join') return member.intervals.slice(-1).map((one) => ({ ...one, after: 0, afterId: '' }));",
  },
  {
    what: 'C21: one’s own messages in groups count',
    file: `${MEMORY}/group-state.ts`,
    tests: GROUPS,
    text: 'filter(({ from }) => from !== userId)',
    broken: 'filter(() => true)',
  },
  {
    what: 'C21: a newcomer begins with everything unread',
    file: `${MEMORY}/apply-change.ts`,
    tests: GROUPS,
    text: "kept.mark(member, { upTo: kept.group.lastMessageId, at, node: '' });",
    broken: "kept.mark(member, { upTo: '', at, node: '' });",
  },
  {
    what: 'C22: a mark in a group moves back',
    file: `${MEMORY}/mark-group-read.ts`,
    tests: GROUPS,
    text: ' || upTo <= from',
    broken: '',
  },
  {
    what: 'C22: newcomers have read what was before them',
    file: `${MEMORY}/groups.ts`,
    tests: GROUPS,
    text: ' && joinedAfter < messageId',
    broken: '',
  },
  {
    what: 'C18: a batch is not cut at the changes of groups',
    file: `${BUSINESS}/conversation-event-consumer.ts`,
    tests: IN_BUSINESS,
    text: ' && isChange(end) === isChange(start)',
    broken: '',
  },
  {
    what: 'C3, C18: what the log refuses stays where it was seen',
    file: `${BUSINESS}/announce/message-news.ts`,
    tests: IN_BUSINESS,
    text: '...audience.filter((log) => log !== inboxOf(from)).map((log) => toLog(log, from, frame)),',
    broken: '',
  },
  {
    what: 'C2: after a crash between log and message store, a message of a group has no text',
    file: `${BUSINESS}/handlers/message-handler.ts`,
    tests: ['test/business/any-line.test.ts'],
    text: 'if (!isRecorded(one) || (isFirstId(one) && !isInGroup(one))) return [];',
    broken: "if (one.outcome.result !== 'recorded' || (isFirstId(one) && !isInGroup(one))) return [];",
  },
  {
    what: 'C20: nodes are not told whose members changed',
    file: `${BUSINESS}/handlers/group-handler.ts`,
    tests: IN_BUSINESS,
    text: 'await memberships.tell(group, users, TOLD_WITHIN_MS);',
    broken: '',
  },
  {
    what: 'C20: who has left takes messages back',
    file: `${BUSINESS}/handlers/action-roles.ts`,
    tests: IN_BUSINESS,
    text: ' || !isCurrent(member)',
    broken: '',
  },
  {
    what: 'C23: direct messages wait for those of groups',
    file: `${BUSINESS}/handlers/message-handler.ts`,
    tests: IN_BUSINESS,
    text: 'const kinds = Map.groupBy(received, isInGroup);',
    broken: 'const kinds = new Map([[true, received]]);',
  },
  {
    what: 'C17: only the first page of a group is notified',
    file: `${PUSH}/group-plan-handler.ts`,
    tests: IN_PUSH,
    text: 'members.length < PAGE) return',
    broken: 'members.length <= PAGE) return',
  },
  {
    what: 'C17: a large group takes all the requests of a provider',
    file: `${PUSH}/provider-gate.ts`,
    tests: IN_PUSH,
    text: 'isBulk ? settings.maxInFlight / 2 : settings.maxInFlight',
    broken: 'settings.maxInFlight',
  },
  {
    what: 'C20: former members are notified',
    file: `${PUSH}/push-plan.ts`,
    tests: IN_PUSH,
    text: 'isCurrent(member) && maySeeMessage',
    broken: 'member != null && maySeeMessage',
  },
  {
    what: 'C18: a client does not send again what a group may have refused',
    file: 'libs/client/src/sending/sender.ts',
    tests: ['libs/client/src/groups/groups.sending.test.ts'],
    text: 'this.#handlers.unanswered(this.#outbox, now - limits.storedTimeoutMs, now)',
    broken: 'this.#handlers.unanswered(this.#outbox, -1, now)',
  },
  {
    what: 'C21: a client counts a live message of a group each time it comes',
    file: 'libs/client/src/groups/live-head.ts',
    tests: ['libs/client/src/groups/groups.test.ts'],
    text: 'this.#pending.set(clientMessageId + from, {',
    broken: 'this.#pending.set(clientMessageId + from + this.#pending.size, {',
  },
  {
    what: 'C8: a client marks a group as read up to an id that may be replaced',
    file: 'libs/client/src/groups/groups.ts',
    tests: ['libs/client/src/groups/groups.sending.test.ts'],
    text: 'if (shown?.position !== null) {',
    broken: "if (shown?.position !== null || upTo !== '') {",
  },
  {
    what: 'C20: an older update of a membership undoes a newer one',
    file: 'libs/client/src/groups/group-heads.ts',
    tests: ['libs/client/src/groups/groups.test.ts'],
    text: 'version < head.version) return;',
    broken: 'version < 0) return;',
  },
  {
    what: 'C18: a message whose refusal overtook it is shown',
    file: 'libs/client/src/groups/groups.ts',
    tests: ['libs/client/src/groups/groups.test.ts'],
    text: 'this.#retracted.set(frame.messageId, true);',
    broken: '',
  },
  {
    what: 'C7: an own message that comes again below the mark of its reader is not read',
    file: 'libs/client/src/timeline/timeline.ts',
    tests: ['libs/client/src/timeline/timeline.test.ts'],
    text: "return isRead ? { ...known, state: 'read' } : known;",
    broken: 'return known;',
  },
  {
    what: 'C5: a message to a group is shown before it is queued',
    file: GROUP_SENDS,
    tests: [GROUP_SENDS_TEST],
    text: "'once_stored' : 'once_queued'",
    broken: "'once_stored' : 'at_once'",
  },
  {
    what: 'C18: a member is refused for good by what a node knew some seconds ago',
    file: GROUP_SENDS,
    tests: [GROUP_SENDS_TEST],
    text: 'if (this.#refusal(known, post) !== null) return access',
    broken: 'if (this.#refusal(known, post) === undefined) return access',
  },
  {
    what: 'C18: a resend is refused for good, though its first copy may be stored',
    file: GROUP_SENDS,
    tests: [GROUP_SENDS_TEST],
    text: 'const isLeftToStoring = post.resend && standing?.member != null;',
    broken: 'const isLeftToStoring = false;',
  },
  {
    what: 'C20: a resend of somebody who may not post any more is pushed live',
    file: GROUP_SENDS,
    tests: [GROUP_SENDS_TEST],
    text: "return { pushes: 'once_stored', verdict",
    broken: "return { pushes: 'once_queued', verdict",
  },
  {
    what: 'C18: a resend is pushed to a group as a first copy is',
    file: GROUP_SENDS,
    tests: [GROUP_SENDS_TEST],
    text: "pushes: post.resend ? 'once_stored'",
    broken: "pushes: post.mentionsAll ? 'once_stored'",
  },
  {
    what: 'C18: a message that no node pushed is not pushed when it is stored',
    file: 'apps/business/src/announce/message-news.ts',
    tests: ['apps/business/src/announce/message-news.test.ts'],
    text: "if (one.event.unpushed === true && result === 'recorded')",
    broken: "if (one.event.unpushed === true && result === 'duplicate')",
  },
  {
    what: 'C20: who is removed from a group gets what waits for its sockets',
    file: GROUP_DELIVERIES,
    tests: [GROUP_DELIVERIES_TEST],
    text: 'rest: group.sessions.entries()',
    broken: 'rest: [...group.sessions].values()',
  },
  {
    what: 'C20: a newcomer is shown what was sent before they joined, and came late',
    file: GROUP_DELIVERIES,
    tests: [GROUP_DELIVERIES_TEST],
    text: '!frame.isBefore(stay) && ',
    broken: '',
  },
  {
    what: 'C20: a node adds a member by what it had read before their removal was told',
    file: 'apps/connect/src/groups/group-sessions.ts',
    tests: ['test/connect/groups.test.ts'],
    text: '    if (this.#options.reads.isOutdated(read, id, session.userId)) return false;\n',
    broken: '',
  },
  {
    what: 'C20: a page of a group shows what is behind the end of a stay',
    file: 'libs/core/src/delivery/log-reader.ts',
    tests: ['test/connect/group-sync.test.ts'],
    text: 'page.entries.filter(({ position }) => position <= upTo)',
    broken: 'page.entries',
  },
];
