import { expect, test } from 'vitest';
import { kept } from '../testing/engine-contract.ts';
import { NO_CHANGES } from './engine.ts';
import { RecentRows } from './recent-rows.ts';

test('C16: of conversations that have long not been used, the last message alone stays', () => {
  const rows = new RecentRows([]);
  const messages = Array.from({ length: 2_000 }, (_, n) => kept(`c${Math.floor(n / 20)}`, n));
  rows.apply({ ...NO_CHANGES, messages });
  const changes = Array.from({ length: 100 }, (_, i) => ({
    conversation: `c${i}`,
    messageId: kept('', i * 20 + 19).message.messageId,
    change: null,
  }));
  rows.apply({ ...NO_CHANGES, changes });
  const conversations = rows.all().map(({ conversation }) => conversation);
  expect(conversations.slice(0, 50 * 19)).toEqual(Array.from({ length: 950 }, (_, i) => `c${99 - Math.floor(i / 19)}`));
  expect(conversations.slice(950)).toEqual([]);
});
