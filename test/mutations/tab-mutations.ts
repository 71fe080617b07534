import type { Mutation } from './mutation.ts';

const TABS = 'libs/client/src/tabs';
const TESTS = [`${TABS}/tabs.test.ts`, `${TABS}/tabs.exactly-once.test.ts`, `${TABS}/tabs.requests.test.ts`];

/** Ways to break what tabs share. */
export const TAB_MUTATIONS: readonly Mutation[] = [
  {
    what: 'C3: a tab does not ask the next leader for what the former one has not answered',
    file: `${TABS}/tab.ts`,
    tests: TESTS,
    text: 'this.requests.askAgain();',
    broken: '',
  },
  {
    what: 'C6: a message that a second leader tells again is shown again',
    file: `${TABS}/mirror.ts`,
    tests: TESTS,
    text: 'a.clientMessageId === b.clientMessageId && a.mine',
    broken: 'a.messageId === b.messageId && a.mine',
  },
  {
    what: 'a leader that was suspended goes on writing',
    file: `${TABS}/fence.ts`,
    tests: TESTS,
    text: 'if (now - this.#certainAt >= this.#certainMs) return this.ask();',
    broken: '',
  },
  {
    what: 'C3: a tab does not notice that it has missed an event',
    file: `${TABS}/tab.ts`,
    tests: TESTS,
    text: '&& message.sequence === this.#sequence',
    broken: '',
  },
  {
    what: 'a leader that does not answer keeps the lead',
    file: `${TABS}/tab.ts`,
    tests: TESTS,
    text: 'this.#leadership.take();',
    broken: '',
  },
  {
    what: 'a leader that was suspended ends the session of its tab',
    file: `${TABS}/host.ts`,
    tests: TESTS,
    text: 'if (!isEnd) this.#tellEvent(named);',
    broken: 'if (isEnd || !isEnd) this.#tellEvent(named);',
  },
];
