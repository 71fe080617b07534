import type { Mutation } from './mutation.ts';

const GROUP = 'libs/domain/src/group';
const RULES = [`${GROUP}/decide-change.test.ts`, `${GROUP}/decide-change.properties.test.ts`];
const VISIBILITY = [`${GROUP}/visibility.test.ts`];
const MEMORY = 'libs/adapters/memory/src/conversations';
const GROUPS = [`${MEMORY}/groups.test.ts`];

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
    text: "if (settings.history === 'since_join') return member.intervals;",
    broken:
      "if (settings.history === 'since_join') return member.intervals.slice(-1).map((one) => ({ ...one, after: 0, afterId: '' }));",
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
    text: "member.read = { upTo: kept.group.lastMessageId, at, node: '' };",
    broken: "member.read = { upTo: '', at, node: '' };",
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
];
