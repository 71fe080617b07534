import { DEFAULT_LIMITS } from '@chasqui/domain';
import { describe, expect, test } from 'vitest';
import { mysql } from '../../../../../deploy/engines/mysql.ts';
import { BOUNDS, creationOf, groupMessageOf } from '../testing/groups.ts';
import { Scratch } from '../testing/scratch.ts';

const scratch = new Scratch(mysql.settings.CHASQUI_MYSQL_URL ?? '', { deadlineMs: 30_000 });

describe('large batches', { timeout: 60_000 }, () => {
  test('C16, C21: a full batch, whose every message mentions 50 other members, is recorded and counted', async () => {
    const engines = await scratch.open(await scratch.ready());
    const { conversations, groups } = engines;
    const users = Array.from({ length: 500 }, (_, i) => `user${i}`);
    const ids = Array.from({ length: 20 }, (_, i) => `g${i}`);
    for (const id of ids) await groups.apply(creationOf(id, 'ann', users), BOUNDS);
    const messages = Array.from({ length: DEFAULT_LIMITS.maxBatchEvents }, (_, i) => {
      const start = 50 * Math.floor(i / ids.length);
      return groupMessageOf(ids[i % ids.length] ?? '', 'ann', users.slice(start, start + 50));
    });
    const outcomes = await conversations.record(messages);
    expect(new Set(outcomes.map(({ result }) => result))).toEqual(new Set(['recorded']));
    const heads = await groups.headsOf(users.map((userId) => ({ conversationId: 'g0', userId })));
    expect(new Set(heads.map((head) => [head?.unread, head?.mentions].join()))).toEqual(new Set(['10,1']));
  });
});
