import { directConversation } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { History } from '../history.ts';
import type { Outcome } from '../outcome.ts';
import { checkNothingInvented } from './kept.ts';

const from = 'ann';
const to = 'ben';
const written = { device: 'ann/phone', identity: 'ann/c1', text: 'hello' };
const acked = { type: 'acked', level: 'queued', messageId: 'm1', ...written } as const;
const submitted = { type: 'submitted', to, ...written } as const;
const refused = { type: 'refused', code: 'recipient_invalid', ...written } as const;

function outcome(): Outcome {
  const kept = { ...written, messageId: 'm1', conversationId: directConversation(from, to), from, to };
  return {
    messages: [{ ...kept, recalled: false, status: 'stored' }],
    inboxes: [],
    found: [],
    unread: [],
    drift: [],
    devices: [],
  };
}

function judge(events: readonly (typeof acked | typeof refused | typeof submitted)[]): string[] {
  let at = 0;
  const history = new History(() => at++);
  history.add(submitted);
  for (const event of events) history.add(event);
  return checkNothingInvented(history, outcome()).map(({ contract }) => contract);
}

test('C3: a message that was refused is in history', () => {
  expect(judge([refused])).toEqual(['C3']);
  expect(judge([refused, acked])).toEqual(['C3']);
});

test('a refusal after an ack of either level answers a copy', () => {
  expect(judge([acked, refused])).toEqual([]);
});

test('a refusal of what was written once more and taken then counts no longer', () => {
  expect(judge([refused, submitted, acked])).toEqual([]);
  expect(judge([refused, submitted])).toEqual(['C3']);
  expect(judge([refused, submitted, acked, submitted, refused])).toEqual([]);
  expect(judge([submitted, refused, acked])).toEqual(['C3']);
});
