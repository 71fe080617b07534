import type { ConversationId, MessageId } from '@chasqui/domain';
import { expect, test } from 'vitest';
import type { ChatMessage } from './chat-message.ts';
import { keyOfId } from './direct.ts';
import { Emitter } from './emitter.ts';
import type { ClientEvents } from './events.ts';
import { CLIENT_LIMITS } from './limits.ts';
import { Timeline } from './timeline.ts';

const GROUP = 'team' as ConversationId;
const id = (text: string) => text as MessageId;
const message: ChatMessage = {
  ...{ messageId: id('m1'), sortKey: 'm1', clientMessageId: 'c1', conversationId: GROUP, peer: '', from: 'ann' },
  ...{ mine: false, content: { text: 'secret' }, sentAt: 1, state: 'stored', provisional: true },
};

test('a recall that comes before its message holds, also for a message that gets its id later', () => {
  const timeline = new Timeline(new Emitter<ClientEvents>(), CLIENT_LIMITS);
  const key = keyOfId(GROUP);
  timeline.recall(key, id('m1'), 7);
  timeline.show(message);
  expect(timeline.view(key).find('m1')).toMatchObject({ content: {}, recalledAt: 7 });
  timeline.recall(key, id('m9'), 8);
  timeline.show({ ...message, messageId: id('m2'), sortKey: 'm2', clientMessageId: 'c2' });
  timeline.change(key, 'm2', { messageId: id('m9'), provisional: false });
  expect(timeline.view(key).find('m9')).toMatchObject({ content: {}, recalledAt: 8 });
});
