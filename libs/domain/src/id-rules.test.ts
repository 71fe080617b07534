import { describe, expect, test } from 'vitest';
import { isStoredUserId } from './conversation/conversation-id.ts';
import { directConversation, directUsers } from './conversation/direct-conversation.ts';
import { isClientKey, isDeviceId, isUserId } from './id-rules.ts';

describe('C15: what an id may be', () => {
  test.each(['.', '..', '__proto__'])(
    '%s has a meaning of its own elsewhere: nobody comes in under it, and what is there of it stays readable',
    (id) => {
      expect([isUserId(id), isDeviceId(id)]).toEqual([false, false]);
      expect(isStoredUserId(id)).toBe(true);
      expect(directUsers(directConversation(id, 'bob'))).toEqual([id, 'bob']);
    },
  );

  test.each(['...', '.a', 'a.', 'a..b', '__proto', 'a__proto__', '-', 'a@b.example', 'x'.repeat(64)])(
    '%s is one',
    (id) => {
      expect(isUserId(id)).toBe(true);
    },
  );

  test.each(['', 'a b', 'a~b', 'a/b', 'ä', 'a\n', '\u0000', 'x'.repeat(65), '\ud83d'])('%j is none', (id) => {
    expect([isUserId(id), isDeviceId(id), isClientKey(id)]).toEqual([false, false, false]);
  });
});
