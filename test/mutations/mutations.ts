import { ACTION_MUTATIONS } from './action-mutations.ts';
import { GROUP_MUTATIONS } from './group-mutations.ts';
import type { Mutation } from './mutation.ts';
import { TAB_MUTATIONS } from './tab-mutations.ts';

const MEMORY_CONVERSATIONS = 'libs/adapters/memory/src/conversations/conversation-stores.test.ts';
const MEMORY_MESSAGES = 'libs/adapters/memory/src/messages/messages.ts';
const MEMORY_MESSAGES_TEST = 'libs/adapters/memory/src/messages/messages.test.ts';
const MARKS = 'libs/domain/src/conversation/marks.ts';
const MARKS_TEST = 'libs/domain/src/conversation/marks.test.ts';
const MEMORY_PRESENCE = 'libs/adapters/memory/src/presence/presence.test.ts';
const MEMORY_PEOPLE = 'libs/adapters/memory/src/people/people.test.ts';
const CHAT = 'apps/connect/src/send/message-sender.ts';
const CHAT_TEST = 'apps/connect/src/send/message-sender.test.ts';
const SENT_ORDER = 'libs/domain/src/sent-order.ts';
const SENT_ORDER_TESTS = ['libs/domain/src/sent-order.test.ts', MEMORY_CONVERSATIONS];
const LOG_READER = 'libs/core/src/delivery/log-reader.ts';
const LOG_READER_TESTS = ['libs/core/src/delivery/log-reader.test.ts'];
const PUBLISHER_TESTS = ['libs/core/src/events/event-publisher.test.ts'];
const PUSH_WATCH = 'apps/connect/src/deliver/push-watch.ts';
const PUSH_WATCH_TESTS = ['apps/connect/src/deliver/push-watch.test.ts'];
const EVENTS = 'libs/core/src/events/event-consumer.ts';
const EVENTS_TESTS = ['test/business/event-consumer.test.ts'];
const STATE = 'libs/domain/src/conversation/conversation-state.ts';
const STATE_TESTS = ['libs/domain/src/conversation/conversation-state.test.ts', MEMORY_CONVERSATIONS];
const STATE_API_TESTS = ['test/api/conversation-state.test.ts'];
const STATE_CLIENT_TESTS = ['libs/client/src/states/conversation-states.test.ts'];
const TRACKER = 'libs/client/src/receiving/log-tracker.ts';
const TRACKER_TESTS = ['libs/client/src/receiving/log-tracker.test.ts'];

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
    what: 'C5: a message does not sort behind the last one of its device',
    file: SENT_ORDER,
    tests: SENT_ORDER_TESTS,
    text: 'if (given <= bound) messageId',
    broken: "if (given < '') messageId",
  },
  {
    what: 'C5: an answer sorts before its question',
    file: SENT_ORDER,
    tests: SENT_ORDER_TESTS,
    text: 'if (reached && after > bound) bound = after;',
    broken: '',
  },
  {
    what: 'C5: what follows a renumbered message does not follow it',
    file: SENT_ORDER,
    tests: SENT_ORDER_TESTS,

    text: 'if (from <= after && to > bound) bound = to;',
    broken: 'if (from < after && to > bound) bound = from;',
  },
  {
    what: 'C5: `follows` is not looked at',
    file: 'apps/connect/src/sessions/send-order.ts',
    text: 'if (this.#tails.get(conversationId)?.clientMessageId === follows) return;',
    broken: 'if (this.#tails.has(conversationId)) return;',
    tests: ['apps/connect/src/sessions/send-order.test.ts'],
  },
  {
    what: 'C5: what waits behind a failed message of a conversation goes on',
    file: 'libs/core/src/events/event-publisher.ts',
    text: 'failure === null ? batch : batch.concat(lane.waiting.splice(0))',
    broken: 'batch',
    tests: PUBLISHER_TESTS,
  },
  {
    what: 'C5: two publishes of a shard are under way at once',
    file: 'libs/core/src/events/event-publisher.ts',
    text: '      if (lane.running) return;\n',
    broken: '',
    tests: PUBLISHER_TESTS,
  },
  {
    what: 'C5: a message behind one that failed in the same batch goes on',
    file: CHAT,
    tests: [CHAT_TEST],
    text: 'return follows && session.isBrokenSince',
    broken: 'return follows && !session.isBrokenSince',
  },
  {
    what: 'C12: what was pushed and is not on the bus is not taken back',
    file: CHAT,
    tests: [CHAT_TEST],
    text: "if (pushesOf(accepted) === 'at_once') this.#retract(accepted);",
    broken: '',
  },
  {
    what: 'C1: the sender is told that a message is queued before it is',
    file: CHAT,
    tests: [CHAT_TEST],

    text: '      await publisher.publish(CONVERSATION_TOPIC',
    broken: '      void publisher.publish(CONVERSATION_TOPIC',
  },
  {
    what: 'C20: a message that its reader may not see is forwarded',
    file: 'apps/connect/src/send/forwarded-content.ts',
    tests: ['apps/connect/src/send/forwarded-content.test.ts'],
    text: 'const [message] = await visibleNow(this.#options, userId, found);',
    broken: 'const [message] = found;',
  },
  {
    what: 'C3: a forward that is sent again is refused once its message is gone, though its first copy may be stored',
    file: 'apps/connect/src/send/late-content.ts',
    tests: ['apps/connect/src/send/message-sender.forwards.test.ts'],
    text: 'if (missing === undefined || !isForwardedAgain(accepted)) return missing;',
    broken: 'return missing;',
  },
  {
    what: 'C4: a forward is known again by what its message says now',
    file: 'libs/domain/src/content-digest.ts',
    tests: ['libs/domain/src/content-digest.test.ts'],
    text: '  if (forwardOf !== undefined) {',
    broken: '  if (forwardOf !== undefined && content === null) {',
  },
  {
    what: 'C12: what was pushed is taken back from the first receiver alone',
    file: CHAT,
    tests: ['apps/connect/src/send/message-sender.kinds.test.ts'],
    text: 'deliveriesOf(accepted, frame))',
    broken: 'deliveriesOf(accepted, frame).slice(0, 2))',
  },
  {
    what: 'C3: a resend is treated by who blocks whom now, and not as its first copy was',
    file: 'apps/connect/src/send/first-copies.ts',
    tests: ['apps/connect/src/send/conversations/direct.test.ts'],
    text: 'const audience = decision.audienceBy(verdict);',
    broken: 'const audience = decision.audienceBy(decision.verdict);',
  },
  {
    what: 'C9: a message that reached nobody is not handled as offline',
    file: 'apps/business/src/handlers/message-handler.ts',
    tests: ['test/business/offline.test.ts'],
    text: 'if (counts[index] === 0) unreached.push',
    broken: 'if (counts[index] === 2) unreached.push',
  },
  {
    what: 'C4: a resend makes a second message',
    file: 'libs/adapters/memory/src/conversations/record-message.ts',
    text: '  if (known !== undefined) {',
    broken: '  if (known === undefined && clientMessageId === "") {',
    tests: [MEMORY_CONVERSATIONS],
  },
  {
    what: 'C4: a resend with another content passes for the first',
    file: 'libs/adapters/memory/src/conversations/record-message.ts',
    text: '!digests.includes(known.digest)',
    broken: 'false',
    tests: [MEMORY_CONVERSATIONS],
  },
  {
    what: 'C8: what was read already is counted as unread',
    file: 'libs/adapters/memory/src/conversations/record-message.ts',
    text: 'if (userId !== from && messageId > entry.read.upTo)',
    broken: 'if (userId !== from)',
    tests: [MEMORY_CONVERSATIONS],
  },
  {
    what: 'C3: a message to three inboxes comes to two of them',
    file: 'libs/adapters/memory/src/conversations/record-message.ts',
    text: 'const places = audience.map(',
    broken: 'const places = audience.slice(0, 2).map(',
    tests: [MEMORY_CONVERSATIONS],
  },
  {
    what: 'C3: an id that another participant has is given once more',
    file: SENT_ORDER,
    tests: [MEMORY_CONVERSATIONS],
    text: 'all.every((order) => given > highestSent(order))',
    broken: 'given > highestSent(own)',
  },
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
  {
    what: 'C5: an id does not sort behind those that were observed',
    file: 'libs/domain/src/hybrid-clock.ts',
    text: 'if (now > this.#millis) {',
    broken: 'if (now !== this.#millis) {',
    tests: ['libs/domain/src/hybrid-clock.test.ts'],
  },
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
  ...ACTION_MUTATIONS,
  ...GROUP_MUTATIONS,
  ...TAB_MUTATIONS,
];
