import { expect, test } from 'vitest';
import { linkedConversation, peerIn } from './direct.ts';

test('a link names a conversation by its id or by the other user', () => {
  expect(linkedConversation('ann~bob', 'bob')).toBe('ann~bob');
  expect(linkedConversation('ann', 'bob')).toBe('ann~bob');
  expect(peerIn('ann~bob', 'bob')).toBe('ann');
});

test('C13: a link to a conversation of others, or to nothing, opens none', () => {
  for (const text of ['ann~bob', 'eve', '', 'a b', '~moments', 'eve~']) {
    expect(linkedConversation(text, 'eve')).toBeUndefined();
  }
});
