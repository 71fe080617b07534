import { expect, test } from 'vitest';
import type { Outcome } from '../outcome.ts';
import { checkWebhooks, directMessages, type WebhookRequest } from './webhooks.ts';

const conversationId = 'ann~ben';
const KEPT = ['m1', 'm2', 'm3'].map((messageId, index) => ({
  ...{ messageId, conversationId, identity: `ann/${messageId}`, from: 'ann', to: 'ben', recalled: false },
  ...{ text: `text of ${messageId}`, status: 'stored' as const, type: 'message' as const, position: index + 1 },
}));
const outcome: Pick<Outcome, 'messages' | 'inboxes'> = {
  messages: KEPT,
  inboxes: ['ann', 'ben'].map((user) => ({ user, updates: KEPT })),
};

function asked(messageId: string, taken = true, text = `text of ${messageId}`): WebhookRequest {
  return { event: { id: `message-${messageId}`, key: conversationId, data: { content: { text } } }, taken };
}

const judge = (...requests: WebhookRequest[]) =>
  checkWebhooks(directMessages(outcome), requests).map(({ text }) => text);

test('each message in order, also after failures and again after a crash, is as it must be', () => {
  expect(judge(asked('m1', false), asked('m1'), asked('m2'), asked('m1'), asked('m2'), asked('m3'))).toEqual([]);
});

test.each([
  ['is never told', [asked('m1'), asked('m2')], ['no receiver has message-m3']],
  ['is never taken', [asked('m1'), asked('m2'), asked('m3', false)], ['no receiver has message-m3']],
  [
    'overtakes the one ahead of it',
    [asked('m1'), asked('m3'), asked('m2'), asked('m3')],
    ['a receiver is told of message-m3 before it has message-m2'],
  ],
  [
    'does not wait for one that failed',
    [asked('m1', false), asked('m2', false), asked('m1'), asked('m2'), asked('m3')],
    ['a receiver is told of message-m2 before it has message-m1'],
  ],
  [
    'was never stored',
    [asked('m1'), asked('m2'), asked('m3'), asked('m4')],
    ['a receiver is told of message-m4 of ann~ben, and no inbox has it so'],
  ],
  [
    'has another text',
    [asked('m1'), asked('m2', true, 'else'), asked('m3')],
    ['a receiver is told of message-m2 of ann~ben, and no inbox has it so'],
  ],
])('a message that %s is found', (_, requests, found) => {
  expect(judge(...requests)).toEqual(found);
});
