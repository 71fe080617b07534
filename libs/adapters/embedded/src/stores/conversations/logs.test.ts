import { expect, test } from 'vitest';
import type { SortedTable } from '../../runs/sorted-table.ts';
import type { Database } from '../../sqlite/database.ts';
import type { LogRow } from './log-row.ts';
import { Logs } from './logs.ts';
import type { User, Users } from './users.ts';

const user: User = { id: 1, name: 'ann', head: 5, flushed: 5, tail: [], floor: 0, life: 0, total: -1 };
const row = (ref: string) => ({ at: 1, type: 1, conversation: 1, ref, body: '', previous: 0, sender: 2 }) as LogRow;

test('C10: a replay of the journal appends what is next, passes over what is there, and refuses what would leave a gap', () => {
  const users = { dirty: new Map<number, User>() } as Partial<Users> as Users;
  const logs = new Logs(
    { path: 'store.db' } as Partial<Database> as Database,
    users,
    {} as Partial<SortedTable> as SortedTable,
  );
  logs.replay(user, 5, row('there'));
  logs.replay(user, 6, row('next'));
  const tail = () => logs.page(user, 5, 10).map(({ ref }) => ref);
  expect([user.head, tail()]).toEqual([6, ['next']]);
  expect(() => logs.replay(user, 8, row('behind a gap'))).toThrow(/lacks position 7 /);
  expect([user.head, tail()]).toEqual([6, ['next']]);
});
