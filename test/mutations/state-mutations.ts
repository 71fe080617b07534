import type { Mutation } from './mutation.ts';

const MEMORY_CONVERSATIONS = 'libs/adapters/memory/src/conversations/conversation-stores.test.ts';
const STATE = 'libs/domain/src/conversation/conversation-state.ts';
const STATE_TESTS = ['libs/domain/src/conversation/conversation-state.test.ts', MEMORY_CONVERSATIONS];
const STATE_API_TESTS = ['test/api/conversation-state.test.ts'];
const STATE_CLIENT_TESTS = ['libs/client/src/states/conversation-states.test.ts'];

/** Mutations of what users set in conversations: muting, clearing, marking as unread. */
export const STATE_MUTATIONS: readonly Mutation[] = [
  {
    what: 'C8: a conversation state is marked as unread after a later read',
    file: STATE,
    tests: STATE_TESTS,
    text: 'state.markedUnread && readUpTo > unreadAfter ?',
    broken: 'state.markedUnread && readUpTo < unreadAfter ?',
  },
  {
    what: 'C16: a conversation state that is the default again is kept',
    file: STATE,
    tests: STATE_TESTS,
    text: 'return isSame(next, DEFAULT_STATE) ? DEFAULT_STATE : { ...next, changedAt: at };',
    broken: 'return { ...next, changedAt: at };',
  },
  {
    what: 'a conversation state: what is cleared comes back',
    file: STATE,
    tests: STATE_TESTS,
    text: 'if (next.clearedUpTo < state.clearedUpTo) next.clearedUpTo = state.clearedUpTo;',
    broken: '',
  },
  {
    what: 'a conversation state: a repeat is a change',
    file: STATE,
    tests: STATE_TESTS,
    text: 'if (isSame(next, state)) return state;',
    broken: '',
  },
  {
    what: 'C16: a user may set something in any number of conversations (conversation state)',
    file: 'libs/adapters/memory/src/conversations/conversation-states.ts',
    tests: [MEMORY_CONVERSATIONS],
    text: 'states.size >= STATE_LIMITS.maxStatesPerUser',
    broken: 'states.size >= Infinity',
  },
  {
    what: 'C15: a conversation state is cleared up to a message that is still to come',
    file: 'apps/api/src/people/conversation-states.ts',
    tests: STATE_API_TESTS,
    text: 'await mustBeSeen(context, key, changes);',
    broken: '',
  },
  {
    what: 'C8: a conversation state that is cleared is not read',
    file: 'apps/api/src/people/conversation-states.ts',
    tests: STATE_API_TESTS,
    text: 'if (changes.clearedUpTo) await readUpTo(context, key, changes.clearedUpTo);',
    broken: '',
  },
  {
    what: 'a conversation state: history shows what is cleared',
    file: 'apps/api/src/people/read-history.ts',
    tests: STATE_API_TESTS,
    text: 'if (message.messageId <= clearedUpTo) return { messages };',
    broken: '',
  },
  {
    what: 'a conversation state: search finds what is cleared',
    file: 'apps/api/src/people/find-messages.ts',
    tests: STATE_API_TESTS,
    text: "seen[index] === true && !hidden[index] && messageId > (cleared.get(conversationId) ?? '')",
    broken: 'seen[index] === true && !hidden[index]',
  },
  {
    what: 'C17: a conversation state that mutes is not looked at',
    file: 'apps/push/src/push-plan.ts',
    tests: ['apps/push/src/push.test.ts'],
    text: "muted: levelNow(facts.state(task), now, false) === 'none',",
    broken: 'muted: false,',
  },
  {
    what: 'C10: an older update of a conversation state replaces a newer one',
    file: 'libs/client/src/states/own-state.ts',
    tests: STATE_CLIENT_TESTS,
    text: 'position > known',
    broken: 'position >= 0',
  },
  {
    what: 'C16: changes of a conversation state overtake each other',
    file: 'libs/client/src/states/own-state.ts',
    tests: STATE_CLIENT_TESTS,
    text: 'if (this.#sent !== null) return null;',
    broken: '',
  },
  {
    what: 'C8: a read that came before undoes the mark of a conversation state',
    file: 'libs/client/src/states/own-state.ts',
    tests: STATE_CLIENT_TESTS,
    text: 'if (position !== undefined && position < kept.position) return;',
    broken: '',
  },
  {
    what: 'a refused change of a conversation state stays on the screen',
    file: 'libs/client/src/states/conversation-states.ts',
    tests: STATE_CLIENT_TESTS,
    text: 'this.#of(view).ended();\n      change.reject(',
    broken: 'change.reject(',
  },
];
