import type { Mutation } from './mutation.ts';

const MEMORY_CONVERSATIONS = 'libs/adapters/memory/src/conversations/conversation-stores.test.ts';
const CHAT = 'apps/connect/src/send/message-sender.ts';
const CHAT_TEST = 'apps/connect/src/send/message-sender.test.ts';
const SENT_ORDER = 'libs/domain/src/sent-order.ts';
const SENT_ORDER_TESTS = ['libs/domain/src/sent-order.test.ts', MEMORY_CONVERSATIONS];
const PUBLISHER_TESTS = ['libs/core/src/events/event-publisher.test.ts'];

/** Mutations of the way of a message into its conversation: its order, its copies, its retraction. */
export const SEND_MUTATIONS: readonly Mutation[] = [
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
    what: 'C5: an id does not sort behind those that were observed',
    file: 'libs/domain/src/hybrid-clock.ts',
    text: 'if (now > this.#millis) {',
    broken: 'if (now !== this.#millis) {',
    tests: ['libs/domain/src/hybrid-clock.test.ts'],
  },
];
