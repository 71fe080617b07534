import { expect, test } from 'vitest';
import { directAudience } from './conversation/direct-conversation.ts';
import { previewOf } from './cut-text.ts';
import type { StoredMessage } from './message.ts';
import { ACTION_NAMES, applyAction, emptiesPreview } from './message-action.ts';

const MESSAGE: StoredMessage = {
  messageId: '0199c3d2a4f10000c0ffee01',
  conversationId: 'ann~bob',
  from: 'ann',
  fromDevice: 'phone',
  clientMessageId: 'key',
  kind: 'c2c',
  content: { text: 'hello' },
  sentAt: 1,
  audience: directAudience('ann', 'bob', false),
  statuses: {},
  revision: 0,
  steps: [],
};

test.each(ACTION_NAMES)('what %s does to a preview is what it does to the text of the message', (action) => {
  const { content } = applyAction(MESSAGE, { action, revision: 1, by: 'ann', at: 5 });
  expect(previewOf(content)).toBe(emptiesPreview({ action }) ? '' : 'hello');
});
