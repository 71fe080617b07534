import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { isUserId } from '../id-rules.ts';
import { directConversation, directPeer, directUsers } from './direct-conversation.ts';
import { mustBelong } from './membership.ts';

const userId = fc.stringMatching(/^[A-Za-z0-9._@+:|-]{1,64}$/);

describe('a conversation of two users', () => {
  it('has one id from both ends, from which both users can be read', () => {
    fc.assert(
      fc.property(userId, userId, (a, b) => {
        fc.pre(a !== b);
        const id = directConversation(a, b);
        expect(directConversation(b, a)).toBe(id);
        expect([...(directUsers(id) ?? [])].toSorted()).toEqual([a, b].toSorted());
        expect(directPeer(id, a)).toBe(b);
      }),
    );
  });

  it('tells the users of every id, also when many ids are asked for in turns', () => {
    const ids = Array.from({ length: 5_000 }, (_, i) =>
      directConversation(`user-${i}`, `user-${(i * 7_919) % 5_003}-b`),
    );
    for (const round of [ids, ids.toReversed()]) {
      for (const id of round) expect(directUsers(id)?.join('~')).toBe(id);
    }
  });

  it('C15: refuses a pair of one, a bad user id and a stranger', () => {
    expect(() => directConversation('bob', 'bob')).toThrow(expect.objectContaining({ code: 'recipient_invalid' }));
    expect(() => directConversation('bob', 'a~b')).toThrow(expect.objectContaining({ code: 'recipient_invalid' }));
    expect(() => mustBelong('alice~bob', 'eve')).toThrow(expect.objectContaining({ code: 'not_a_member' }));
    expect(directPeer('alice~bob', 'eve')).toBeNull();
    for (const bad of ['bob~alice', 'alice', 'a~b~c', '~b', 'a~', 'alice~alice']) {
      expect(directUsers(bad)).toBeNull();
      expect(() => mustBelong(bad, 'alice')).toThrow(expect.objectContaining({ code: 'not_found' }));
    }
  });

  it('takes the user ids that applications use', () => {
    for (const id of ['42', 'ana@example.org', 'auth0|5f', 'urn:x:1', 'A-b_c.d+e']) expect(isUserId(id)).toBe(true);
    for (const id of ['', 'a b', 'ü', 'x'.repeat(65), 'a~b', 'a/b']) expect(isUserId(id)).toBe(false);
  });
});
