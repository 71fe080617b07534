import type { Mutation } from './mutation.ts';

const RULES = 'apps/business/src/handlers/action-rules.ts';
const EDITS = ['test/business/edits.test.ts'];
const ACTION = 'libs/domain/src/message-action.ts';
const MEMORY = 'libs/adapters/memory/src/conversations';
const GROUPS = [`${MEMORY}/groups.test.ts`];
const MENTIONS = ['test/business/edit-mentions.test.ts'];
const NAMED = 'apps/business/src/announce/named-in-edits.ts';
const CLIENT = 'libs/client/src/groups';
const CLIENT_TESTS = [`${CLIENT}/groups.mentions.test.ts`];
const REACTION = 'libs/domain/src/apply-reactions.ts';
const REACTIONS = [`${MEMORY}/reactions.test.ts`, 'test/business/reactions.test.ts'];

/** Mutations of edits, of the mentions that they add, and of reactions. */
export const ACTION_MUTATIONS: readonly Mutation[] = [
  {
    what: 'C3: a repeated edit is applied again',
    file: RULES,
    tests: EDITS,
    text: 'const place = editIds.lastIndexOf(actionId);',
    broken: 'const place = editIds.lastIndexOf(by + actionId);',
  },
  {
    what: 'C15: anybody repeats an edit by its id',
    file: RULES,
    tests: EDITS,
    text: 'if (from !== by) return null;',
    broken: '',
  },
  {
    what: 'a forwarded message can be edited',
    file: RULES,
    tests: ['test/business/edits.test.ts', 'test/connect/forwards.test.ts'],
    text: 'if (message.forwarded !== undefined)',
    broken: 'if (message.forwarded !== undefined && at < 0)',
  },
  {
    what: 'C25: an edit brings back what was recalled',
    file: RULES,
    tests: EDITS,
    text: 'if (message.recalledAt !== undefined)',
    broken: 'if (message.recalledAt !== undefined && at < 0)',
  },
  {
    what: 'C16: the keys of all edits are kept',
    file: ACTION,
    tests: ['libs/adapters/memory/src/messages/messages.test.ts', ...EDITS],
    text: '.slice(-MAX_EDIT_IDS)',
    broken: '',
  },
  {
    what: 'an edit takes mentions back',
    file: ACTION,
    tests: MENTIONS,
    text: 'return [...new Set([...(before ?? []), ...named])];',
    broken: 'return [...new Set(named)];',
  },
  {
    what: 'C16: edits mention any number of members',
    file: RULES,
    tests: MENTIONS,
    text: ' > MAX_MENTIONS)',
    broken: ' > 1_000)',
  },
  {
    what: 'C21: mentions by edits are not counted',
    file: `${MEMORY}/group-state.ts`,
    tests: GROUPS,
    text: ' || named?.has(message.messageId)',
    broken: '',
  },
  {
    what: 'C21: a mention by an edit is news after a login though it is read',
    file: `${MEMORY}/group-state.ts`,
    tests: GROUPS,
    text: 'if (messageId <= read.upTo) kept.named?.delete(messageId);',
    broken: 'if (messageId > read.upTo) kept.named?.delete(messageId);',
  },
  {
    what: 'C21: a group with a mention by an edit is no news after a login',
    file: `${MEMORY}/groups.ts`,
    tests: GROUPS,
    text: 'Math.max(head.group.updatedAt, namedAt) >= since',
    broken: 'head.group.updatedAt >= since && namedAt >= 0',
  },
  {
    what: 'who is mentioned by an edit is notified each time',
    file: NAMED,
    tests: MENTIONS,
    text: ' && !known.has(userId));',
    broken: ' && known !== undefined);',
  },
  {
    what: 'C17: an edit whose process ended notifies nobody',
    file: NAMED,
    tests: MENTIONS,
    text: "new Set(isAfter || mentions === 'all' ? [] : mentions)",
    broken: "new Set(mentions === 'all' ? [] : mentions)",
  },
  {
    what: 'C20: an edit tells newcomers what they may not see',
    file: NAMED,
    tests: MENTIONS,
    text: ' && maySeeMessage(group, member, messageId);',
    broken: ' && maySeeMessage(group, member, messageId) !== null;',
  },
  {
    what: 'C21: a device counts a mention by an edit twice',
    file: `${CLIENT}/group-heads.ts`,
    tests: CLIENT_TESTS,
    text: 'if (!mentionsUser(known?.mentions, userId)) this.#change',
    broken: 'if (known !== null) this.#change',
  },
  {
    what: 'C21: a device does not ask for a mention that only the server can count',
    file: `${CLIENT}/live-head.ts`,
    tests: CLIENT_TESTS,
    text: "return messageId <= (this.#told.readUpTo ?? '');",
    broken: 'return true;',
  },
  {
    what: 'C24: a repeated reaction counts again',
    file: REACTION,
    tests: REACTIONS,
    text: "if (emoji !== null && before.ids.includes(actionId)) return 'unchanged';",
    broken: '',
  },
  {
    what: 'C24: a reaction that is taken back stays counted',
    file: REACTION,
    tests: REACTIONS,
    text: '(known.get(emoji) ?? 0) - 1);',
    broken: 'known.get(emoji) ?? 0);',
  },
  {
    what: 'C16: a message has reactions of any number of emojis',
    file: REACTION,
    tests: REACTIONS,
    text: "if (counts.length > Math.max(limits.maxReactionEmojis, applied.reactions.counts.length)) return 'maxReactionEmojis';",
    broken: '',
  },
  {
    what: 'C24: a recalled message keeps its reactions',
    file: `${MEMORY}/record-action.ts`,
    tests: [`${MEMORY}/reactions.test.ts`],
    text: 'state.reactions.drop(action);',
    broken: '',
  },
  {
    what: 'a muted member reacts',
    file: 'apps/business/src/handlers/reaction-rules.ts',
    tests: REACTIONS,
    text: "return reason === null || reason === 'not_allowed' ? null",
    broken: "return reason === null || reason === 'not_allowed' || reason === 'muted' ? null",
  },
];
