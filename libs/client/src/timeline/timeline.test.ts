import type { ConversationId, MessageId } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { Emitter } from '../basics/emitter.ts';
import type { ChatMessage } from '../conversations/chat-message.ts';
import { keyOfId } from '../conversations/direct.ts';
import type { ClientEvents } from '../events.ts';
import { CLIENT_LIMITS } from '../limits.ts';
import { Timeline } from './timeline.ts';

const GROUP = 'team' as ConversationId;
const id = (text: string) => text as MessageId;
const message: ChatMessage = {
  ...{ messageId: id('m1'), sortKey: 'm1', clientMessageId: 'c1', conversationId: GROUP, peer: '', from: 'ann' },
  ...{ mine: false, content: { text: 'secret' }, sentAt: 1, state: 'stored', provisional: true },
};
const recall = (recalledAt: number, recalledBy: string) => ({ content: {}, recalledAt, recalledBy });

test('a recall that comes before its message holds, also for a message that gets its id later', () => {
  const timeline = new Timeline(new Emitter<ClientEvents>(), CLIENT_LIMITS);
  const key = keyOfId(GROUP);
  timeline.recall(key, id('m1'), recall(7, 'ann'));
  timeline.show(message);
  expect(timeline.view(key).find('m1')).toMatchObject(recall(7, 'ann'));
  timeline.recall(key, id('m9'), recall(8, 'zoe'));
  timeline.show({ ...message, messageId: id('m2'), sortKey: 'm2', clientMessageId: 'c2' });
  timeline.change(key, 'm2', { messageId: id('m9'), provisional: false });
  expect(timeline.view(key).find('m9')).toMatchObject(recall(8, 'zoe'));
});

test('C25: what an ack or the log said before a recall comes too late', () => {
  const timeline = new Timeline(new Emitter<ClientEvents>(), CLIENT_LIMITS);
  const key = keyOfId(GROUP);
  timeline.show(message);
  timeline.recall(key, id('m1'), recall(7, 'ann'));
  timeline.change(key, 'm1', { state: 'read', content: { text: 'what a forward says' } });
  expect(timeline.view(key).find('m1')).toMatchObject({ state: 'read', recalledAt: 7 });
  expect(timeline.view(key).find('m1')?.content).toEqual({});
});

test('C7: an own message that comes, or comes again after a retract, below the mark of its reader is read', () => {
  const timeline = new Timeline(new Emitter<ClientEvents>(), CLIENT_LIMITS);
  timeline.ownedBy('ann');
  const direct = { conversationId: 'ann~bob' as ConversationId, peer: 'bob', mine: true };
  const key = keyOfId(direct.conversationId);
  const stateOf = (sortKey: string) => timeline.view(key).find(sortKey)?.state;
  timeline.show({ ...message, ...direct });
  timeline.receipt(key, 'read', [], id('m2'));
  expect(stateOf('m1')).toBe('read');
  timeline.retract(key, id('m1'));
  timeline.show({ ...message, ...direct });
  timeline.place({ ...message, ...direct, messageId: id('m2'), sortKey: 'm2', state: 'queued' });
  timeline.show({ ...message, ...direct, messageId: id('m3'), sortKey: 'm3' });
  timeline.show({ ...message, ...direct, messageId: id('m0'), sortKey: 'm0', mine: false });
  timeline.place({ ...message, ...direct, messageId: id('m00'), sortKey: 'm00', state: 'failed' });
  expect(['m1', 'm2', 'm3', 'm0', 'm00'].map(stateOf)).toEqual(['read', 'read', 'stored', 'stored', 'failed']);
});
