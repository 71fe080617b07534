import { systemClock } from '@chasqui/kit';
import { expect, test } from 'vitest';
import { mysql } from '../../../../../deploy/engines/mysql.ts';
import { Scratch } from '../testing/scratch.ts';

const scratch = new Scratch(mysql.settings.CHASQUI_MYSQL_URL ?? '');
const READ = { type: 'read', conversationId: 'ann~bob', upTo: '1', at: 1 } as const;

test('C10: the progress rises when this process wrote, and every ten seconds', async () => {
  let elapsed = 0;
  const clock = { ...systemClock, monotonic: () => elapsed };
  const { storeProgress, logs } = await scratch.open(await scratch.ready(), { clock });
  const storeId = await storeProgress.storeId();
  const count = async () => (await storeProgress.advance(storeId, 0))?.count;
  expect([await count(), await count(), await count()]).toEqual([1, 1, 1]);
  await logs.append([{ log: 'bob', update: READ }]);
  expect([await count(), await count()]).toEqual([2, 2]);
  elapsed = 9_999;
  expect(await count()).toBe(2);
  elapsed = 10_000;
  expect([await count(), await count()]).toEqual([3, 3]);
});
