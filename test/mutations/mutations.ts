import { ACTION_MUTATIONS } from './action-mutations.ts';
import { GROUP_MUTATIONS } from './group-mutations.ts';
import { HOT_GROUP_MUTATIONS } from './hot-group-mutations.ts';
import { LOG_MUTATIONS } from './log-mutations.ts';
import type { Mutation } from './mutation.ts';
import { SEND_MUTATIONS } from './send-mutations.ts';
import { STATE_MUTATIONS } from './state-mutations.ts';
import { TAB_MUTATIONS } from './tab-mutations.ts';

const MEMORY_PRESENCE = 'libs/adapters/memory/src/presence/presence.test.ts';
const MEMORY_PEOPLE = 'libs/adapters/memory/src/people/people.test.ts';
const PUSH_WATCH = 'apps/connect/src/deliver/push-watch.ts';
const PUSH_WATCH_TESTS = ['apps/connect/src/deliver/push-watch.test.ts'];
const EVENTS = 'libs/core/src/events/event-consumer.ts';
const EVENTS_TESTS = ['test/business/event-consumer.test.ts'];

/** Mutations of the code that the contracts depend on. If you change one of these texts, update its mutation here. */
export const MUTATIONS: readonly Mutation[] = [
  {
    what: 'C2: an ack to a node that has just started is lost',
    file: 'libs/core/src/delivery/delivery-router.ts',
    tests: ['libs/core/src/delivery/delivery-router.test.ts'],
    text: 'if (answers.length === 0) return;',
    broken: 'if (answers.length >= 0) return;',
  },
  {
    what: 'C9: a message that reached nobody is not handled as offline',
    file: 'apps/business/src/handlers/message-handler.ts',
    tests: ['test/business/offline.test.ts'],
    text: 'if (counts[index] === 0) unreached.push',
    broken: 'if (counts[index] === 2) unreached.push',
  },
  {
    what: 'C6: a retracted message can never be shown again',
    file: 'libs/client/src/conversations/shown-messages.ts',
    text: 'if (others.length === 0) {',
    broken: 'if (others.length < 0) {',
    tests: ['libs/client/src/conversations/shown-messages.test.ts'],
  },
  {
    what: 'C9: an ack of somebody else ends the watch over a push',
    file: PUSH_WATCH,
    tests: PUSH_WATCH_TESTS,
    text: 'const watched = this.#byUser.get(userId)?.get(messageId);\n    const key',
    broken: 'const watched = this.#watched.values().find((one) => one.messageId === messageId);\n    const key',
  },
  {
    what: 'C9: a push that nobody acks is never given up',
    file: PUSH_WATCH,
    tests: PUSH_WATCH_TESTS,
    text: 'if (watched.pushedAt > before &&',
    broken: 'if (watched.pushedAt > 0 &&',
  },
  {
    what: 'C16: one receiver who acks nothing takes the whole watch',
    file: PUSH_WATCH,
    tests: PUSH_WATCH_TESTS,
    text: '.size > this.#options.maxUnackedPerUser',
    broken: '.size > Infinity',
  },
  {
    what: 'C9: a lease that has ended stands',
    file: 'libs/adapters/memory/src/presence/node-leases.ts',
    text: 'return lease !== undefined && lease.endsAt > this.#clock.monotonic();',
    broken: 'return lease !== undefined;',
    tests: [MEMORY_PRESENCE],
  },
  {
    what: 'C9: two processes recover a dead node at once',
    file: 'libs/adapters/memory/src/presence/node-leases.ts',
    text: ' && lease.claimedUntil <= now',
    broken: '',
    tests: [MEMORY_PRESENCE],
  },
  {
    what: 'a log-out everywhere does not end tokens of an earlier generation',
    file: 'libs/core/src/access/session-cut-offs.ts',
    text: 'generation < cutOff.generation',
    broken: 'generation < 0',
    tests: ['libs/core/src/access/session-cut-offs.test.ts'],
  },
  {
    what: 'a token from the future outlives every log-out',
    file: 'libs/core/src/access/session-cut-offs.ts',
    text: 'issuedAt > now + MAX_AHEAD_MS ? 0 : issuedAt',
    broken: 'issuedAt',
    tests: ['libs/core/src/access/session-cut-offs.test.ts'],
  },
  {
    what: 'a block lets requests through',
    file: 'libs/adapters/memory/src/people/relations.ts',
    text: "if (isBlocked(userId, other) || isBlocked(other, userId)) return 'blocked';",
    broken: "if (isBlocked(userId, other)) return 'blocked';",
    tests: [MEMORY_PEOPLE],
  },
  {
    what: 'C16: work beyond the budget costs nothing',
    file: 'apps/connect/src/admission/work-budgets.ts',
    text: 'if (waitMs === 0) this.#spend(budget, units, now);',
    broken: 'if (waitMs === 0) this.#spend(budget, 0, now);',
    tests: ['apps/connect/src/admission/work-budgets.test.ts', 'apps/connect/src/admission/admission.test.ts'],
  },
  {
    what: 'C15: JSON nests as deep as it likes',
    file: 'libs/protocol/src/json-text.ts',
    text: 'if (open.length === MAX_JSON_DEPTH)',
    broken: 'if (open.length === Infinity)',
    tests: ['libs/protocol/src/json-text.test.ts'],
  },
  {
    what: 'C3: an event that can never be handled takes its batch along',
    file: EVENTS,
    tests: EVENTS_TESTS,
    text: 'const parts = events.length > 1 ? events : this.#divided(first);',
    broken: 'const parts = [first];',
  },
  {
    what: 'C3: an engine that is away sends events to the dead letters',
    file: EVENTS,
    tests: EVENTS_TESTS,
    text: 'if (!isPermanent(error)) throw error;\n      await this.#split',
    broken: 'await this.#split',
  },
  ...SEND_MUTATIONS,
  ...LOG_MUTATIONS,
  ...STATE_MUTATIONS,
  ...ACTION_MUTATIONS,
  ...GROUP_MUTATIONS,
  ...HOT_GROUP_MUTATIONS,
  ...TAB_MUTATIONS,
];
