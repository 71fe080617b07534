import { expect, test } from 'vitest';
import { directAudience } from './direct-conversation.ts';
import { addresseesOf, maySee } from './membership.ts';

test('C7: whom a sender hears of: the other of a direct conversation, everybody else of any other', () => {
  const direct = { conversationId: 'ann~bob', from: 'ann' };
  for (const isSilenced of [false, true]) {
    expect(addresseesOf({ ...direct, audience: directAudience('ann', 'bob', isSilenced) })).toEqual(['bob']);
  }
  expect(addresseesOf({ conversationId: 'three', from: 'bob', audience: ['bob', 'ann', 'cat'] })).toEqual([
    'ann',
    'cat',
  ]);
});

test('C13: a message is seen by its sender and by whose inbox it comes to', () => {
  const unheard = { from: 'ann', audience: directAudience('ann', 'bob', true) };
  expect(['ann', 'bob', 'cat'].map((user) => maySee(unheard, user))).toEqual([true, false, false]);
  expect(['ann', 'bob', 'cat'].map((user) => maySee({ ...unheard, audience: ['bob'] }, user))).toEqual([
    ...[true, true, false],
  ]);
});
