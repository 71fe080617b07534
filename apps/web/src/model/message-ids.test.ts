import { expect, it } from 'vitest';
import { justAfter } from './message-ids.ts';

it('a page before the id just after a message ends with that message', () => {
  expect(justAfter('0193a5b7c9d00001deadbeef')).toBe('0193a5b7c9d00001deadbef0');
  expect(justAfter('0193a5b7c9d00001ffffffff')).toBe('0193a5b7c9d0000200000000');
});
