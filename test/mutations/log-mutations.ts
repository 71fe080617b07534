import type { Mutation } from './mutation.ts';

const MEMORY_CONVERSATIONS = 'libs/adapters/memory/src/conversations/conversation-stores.test.ts';
const MEMORY_MESSAGES = 'libs/adapters/memory/src/messages/messages.ts';
const MEMORY_MESSAGES_TEST = 'libs/adapters/memory/src/messages/messages.test.ts';
const MARKS = 'libs/domain/src/conversation/marks.ts';
const MARKS_TEST = 'libs/domain/src/conversation/marks.test.ts';
const LOG_READER = 'libs/core/src/delivery/log-reader.ts';
const LOG_READER_TESTS = [
  'libs/core/src/delivery/log-reader.test.ts',
  'libs/core/src/delivery/log-reader.resets.test.ts',
];
const TRACKER = 'libs/client/src/receiving/log-tracker.ts';
const TRACKER_TESTS = ['libs/client/src/receiving/log-tracker.test.ts'];

/** Mutations of logs, of the positions in them, and of how far messages have come. */
export const LOG_MUTATIONS: readonly Mutation[] = [
  {
    what: 'C15: somebody acks for another',
    file: MEMORY_MESSAGES,
    tests: [MEMORY_MESSAGES_TEST],
    text: '!addresseesOf(message).includes(member)',
    broken: 'false',
  },
  {
    what: 'C7: a member’s status takes the place of the others’',
    file: MEMORY_MESSAGES,
    tests: [MEMORY_MESSAGES_TEST],
    text: '{ ...message.statuses, [member]: status }',
    broken: '{ [member]: status }',
  },
  {
    what: 'C7: an action takes back a later one',
    file: MEMORY_MESSAGES,
    tests: [MEMORY_MESSAGES_TEST],
    text: 'message.revision >= action.revision',
    broken: 'message.revision === action.revision',
  },
  {
    what: 'C7: a mark reads what is not addressed to its user',
    file: MARKS,
    tests: [MARKS_TEST],
    text: ' && addresseesOf(message).includes(userId)',
    broken: '',
  },
  {
    what: 'C7: a message to many has come as far as for whoever has it most',
    file: MARKS,
    tests: [MARKS_TEST],
    text: '=== least ? status : least',
    broken: '=== least ? least : status',
  },
  {
    what: 'C7: a status goes back',
    file: 'libs/domain/src/status.ts',
    text: 'return rank[a] >= rank[b] ? a : b;',
    broken: 'return rank[a] > rank[b] ? b : b;',
    tests: [MEMORY_MESSAGES_TEST, 'libs/domain/src/status.test.ts'],
  },
  {
    what: 'C10: a position beyond the head gets no reset',
    file: LOG_READER,
    tests: LOG_READER_TESTS,
    text: ' || after > page.head',
    broken: '',
  },
  {
    what: 'C10: a position of another epoch gets no reset',
    file: LOG_READER,
    tests: LOG_READER_TESTS,
    text: 'epoch !== page.epoch && after > 0',
    broken: 'epoch !== page.epoch && after < 0',
  },
  {
    what: 'C10: a trimmed position gets no reset',
    file: LOG_READER,
    tests: LOG_READER_TESTS,
    text: 'after < page.floor || ',
    broken: '',
  },
  {
    what: 'C10: a page passes over a message that is still being stored',
    file: LOG_READER,
    tests: LOG_READER_TESTS,
    text: 'if (update === null) return updates;',
    broken: 'if (update === null) continue;',
  },
  {
    what: 'C10: the journal brings a log entry behind a gap',
    file: 'libs/adapters/embedded/src/stores/conversations/logs.ts',
    text: 'if (position > user.head + 1) throw',
    broken: 'if (position < 0) throw',
    tests: ['libs/adapters/embedded/src/stores/conversations/logs.test.ts'],
  },
  {
    what: 'C10: a client moves its position over a gap',
    file: TRACKER,
    tests: TRACKER_TESTS,

    text: 'if (position > this.#position + 1) {',
    broken: 'if (position > this.#position + 1 && this.#overflowed) {',
  },
  {
    what: 'C10: a confirmation moves a position beyond the head',
    file: 'libs/adapters/memory/src/conversations/logs.ts',
    text: 'Math.min(position, head)',
    broken: 'position',
    tests: [MEMORY_CONVERSATIONS],
  },
];
