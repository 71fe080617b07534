import { expect, test } from 'vitest';
import type { SortedTable } from '../../runs/sorted-table.ts';
import type { Database } from '../../sqlite/database.ts';
import type { LogRow } from './log-row.ts';
import { Logs } from './logs.ts';
import type { User, Users } from './users.ts';

const newUser = (): User => ({ id: 1, name: 'ann', head: 5, flushed: 5, tail: [], floor: 0, life: 0, total: -1 });
const row = (ref: string) => ({ at: 1, type: 1, conversation: 1, ref, body: '', previous: 0, sender: 2 }) as LogRow;

const newLogs = () => {
  const users = { dirty: new Map<number, User>() } as Partial<Users> as Users;
  return new Logs(
    { path: 'store.db' } as Partial<Database> as Database,
    users,
    {} as Partial<SortedTable> as SortedTable,
  );
};

test('C3: a row that cannot be written leaves nothing in the row after it', () => {
  const user = newUser();
  const logs = newLogs();
  expect(() => logs.append(user, { ...row('refused'), body: null } as unknown as LogRow)).toThrow(TypeError);
  logs.append(user, row('next'));
  expect(logs.page(user, 5, 10)).toEqual([row('next')]);
});

test('C10: a replay of the journal appends what is next, passes over what is there, and refuses what would leave a gap', () => {
  const user = newUser();
  const logs = newLogs();
  logs.replay(user, 5, row('there'));
  logs.replay(user, 6, row('next'));
  const tail = () => logs.page(user, 5, 10).map(({ ref }) => ref);
  expect([user.head, tail()]).toEqual([6, ['next']]);
  expect(() => logs.replay(user, 8, row('behind a gap'))).toThrow(/lacks position 7 /);
  expect([user.head, tail()]).toEqual([6, ['next']]);
});
