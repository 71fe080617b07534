import { expect, test } from 'vitest';
import { directWith, keyOf, namedBy, peerIn } from './direct.ts';

test('a direct conversation is the same by its id and by the other user', () => {
  expect(namedBy('bob', 'amy')).toEqual({ conversationId: 'amy~bob', peer: 'amy' });
  expect(namedBy('bob', 'amy~bob')).toEqual(namedBy('bob', 'amy'));
  expect(keyOf(namedBy('bob', 'amy'))).toBe('amy~bob');
});

test('before the first login it goes by the other user alone', () => {
  expect(namedBy('', 'amy')).toEqual({ conversationId: '', peer: 'amy' });
  expect(keyOf(directWith('', 'amy'))).toBe('amy');
  expect(() => peerIn('', 'amy~bob')).toThrow(expect.objectContaining({ code: 'not_logged_in' }));
});

test('C13: nobody opens a conversation of others', () => {
  expect(() => namedBy('eve', 'amy~bob')).toThrow(expect.objectContaining({ code: 'not_a_member' }));
  expect(directWith('bob', 'bob')).toEqual({ conversationId: '', peer: 'bob' });
});
