import {
  type Message,
  type MessageStep,
  membersOf,
  type StoredMessage,
  statusOfRank,
  statusRank,
} from '@chasqui/domain';
import type { MessageKey, MessageLocator, MessageStore, RaiseResult } from '@chasqui/ports';
import type { Caller } from '../worker-link/caller.ts';
import type { StepState, StoredRow, StoreOperations } from './store-operations.ts';

const RAISE_RESULTS = ['raised', 'same', 'further', 'missing'] as const satisfies RaiseResult[];

/** Steps are kept as lines, so that one is added without reading the others. */
function stepText(state: StepState, at: number, node: string): string {
  return `${state} ${at} ${node}\n`;
}

function stepsOf(text: string): MessageStep[] {
  const steps: MessageStep[] = [];
  for (let start = 0, end = text.indexOf('\n'); end >= 0; start = end + 1, end = text.indexOf('\n', start)) {
    const at = text.indexOf(' ', start) + 1;
    const node = text.indexOf(' ', at) + 1;
    const state = text.slice(start, at - 1) as StepState;
    if (steps.some((step) => step.state === state)) continue;
    steps.push({ state, at: Number(text.slice(at, node - 1)), node: text.slice(node, end) });
  }
  return steps.sort((a, b) => a.at - b.at);
}

function storedMessage([body, status, steps, recalledAt]: StoredRow): StoredMessage {
  return {
    ...(JSON.parse(body) as Message),
    status: statusOfRank(status),
    ...(recalledAt === null ? {} : { recalledAt }),
    steps: stepsOf(steps),
  };
}

function flatKeys(keys: readonly MessageKey[]): string[] {
  return keys.flatMap(({ conversationId, messageId }) => [conversationId, messageId]);
}

/** 0 for the user whose id comes first in the conversation's, 1 for the other, 2 for anybody else. */
function sideOf(conversationId: string, user: string): 0 | 1 | 2 {
  const [a, b] = membersOf(conversationId);
  return user === a ? 0 : user === b ? 1 : 2;
}

/** `MessageStore` and `MessageLocator` over a way to the store worker. */
export function createMessageStore(store: Caller<StoreOperations>): MessageStore & MessageLocator {
  return {
    async put(messages) {
      if (messages.length === 0) return;
      const rows: (string | number)[] = [];
      for (const { message, steps } of messages) {
        let stepTexts = '';
        for (const { state, at, node } of steps) stepTexts += stepText(state, at, node);
        const { conversationId, messageId, from, to } = message;
        rows.push(conversationId, messageId, from < to ? 0 : 1, JSON.stringify(message), stepTexts);
      }
      await store.call('messages.put', rows);
    },
    async get(keys) {
      if (keys.length === 0) return [];
      const rows = await store.call('messages.get', flatKeys(keys));
      return rows.map((row) => (row === null ? null : storedMessage(row)));
    },
    async page(conversationId, { before, after, limit }) {
      const rows = await store.call('messages.page', [conversationId, before ?? null, after ?? null, limit]);
      return rows.map(storedMessage);
    },
    async raise(changes) {
      if (changes.length === 0) return [];
      const rows: (string | number)[] = [];
      for (const { conversationId, messageId, to, status, at, node } of changes) {
        const step = stepText(status, at, node);
        rows.push(conversationId, messageId, sideOf(conversationId, to), statusRank(status), step);
      }
      const results = await store.call('messages.raise', rows);
      return results.map((result) => RAISE_RESULTS[result] ?? 'missing');
    },
    recall: ({ conversationId, messageId }, at, node) =>
      store.call('messages.recall', [conversationId, messageId, at, stepText('recalled', at, node)]),
    async remove(keys) {
      if (keys.length > 0) await store.call('messages.remove', flatKeys(keys));
    },
    async scan(cursor, limit) {
      const page = await store.call('messages.scan', [cursor, limit]);
      return { messages: page.rows.map(storedMessage), cursor: page.cursor };
    },
    async locate(messageId) {
      const conversationId = await store.call('messages.locate', messageId);
      return conversationId === null ? null : { conversationId, messageId };
    },
    async ping() {
      await store.call('ping', null);
    },
    async [Symbol.asyncDispose]() {},
  };
}
