import type { Clock } from '@chasqui/domain';
import { systemClock } from '@chasqui/kit';
import { describe, expect, test } from 'vitest';
import type { MysqlConfig } from '../config.ts';
import type { Database, Statement } from '../engine/index.ts';
import { Link } from '../engine/link.ts';
import { linkOptions } from '../engine/link-options.ts';
import { createGroupStore } from '../groups/group-store.ts';
import { selectForMark } from '../groups/mark-in-group.ts';
import { selectForGroups } from '../groups/record-in-group.ts';
import { BOUNDS, creationOf, groupMessageOf } from './groups.ts';
import { runSql, type Scratch } from './scratch.ts';

/** Optimizers differ: some read all totals of a user where one look-up would do. */
export function boundedReads(name: string, scratch: Scratch): void {
  describe(`rows that are read: ${name}`, { timeout: 60_000 }, () => {
    test('C16, C19: what is read of a group is bounded, however many members and messages it has, or groups a user has left', async () => {
      const config = await scratch.ready();
      const { groups, conversations } = await scratch.open(config);
      const ids = ['g1', 'g2'];
      const users = Array.from({ length: 400 }, (_, n) => `user${n}`);
      for (const id of ids) {
        await groups.apply(creationOf(id, 'ann', ['bob', 'cat', ...users]), BOUNDS);
        for (const from of ['ann', 'bob', 'ann']) {
          await conversations.record(Array.from({ length: 200 }, () => groupMessageOf(id, from, ['cat'])));
        }
      }
      await leaveMany(config, 'cat');
      const link = await Link.connect(linkOptions(config));
      const run = async (statement: Statement) => (await link.run([statement]))[0];
      const database = { run, clock: systemClock as Clock } as Database;
      const rowsRead = async () => {
        const { rows } = await database.run({ sql: "SHOW SESSION STATUS LIKE 'Handler_read_%'" });
        return rows.reduce((sum, [, count]) => sum + Number(count), 0);
      };
      const store = createGroupStore(database);
      const keys = ids.flatMap((id) => ['bob', 'cat'].map((userId) => ({ conversationId: id, userId })));
      const [last] = await store.groups(['g1']);
      const upTo = last?.lastMessageId ?? '';
      const reads: Readonly<Record<string, () => Promise<unknown>>> = {
        headsOf: () => store.headsOf(keys),
        members: () => store.members(keys),
        heads: () => store.heads('cat', { limit: 5 }),
        headsBefore: () => store.heads('cat', { before: { updatedAt: 300, conversationId: 'left5' }, limit: 5 }),
        headsSince: () => store.heads('cat', { since: 300, limit: 5 }),
        mark: () => link.run([selectForMark({ userId: 'cat', conversationId: 'g1', upTo })]),
        record: () => link.run(selectForGroups(ids.map((id) => groupMessageOf(id, 'bob', ['cat', 'ann'])))),
        page: () => store.page('g1', { limit: 10 }),
        pageAfter: () => store.page('g1', { after: { role: 'member', userId: 'user2' }, limit: 10 }),
        pageOfRole: () => store.page('g1', { role: 'admin', limit: 10 }),
        unread: () => store.unread(['cat', 'bob']),
        byName: () => store.byName('g1', { limit: 10 }),
        byNameAfter: () =>
          store.byName('g1', { after: { role: 'member', order: 'user2', userId: 'user2' }, limit: 10 }),
        byNameOfRole: () => store.byName('g1', { role: 'admin', limit: 10 }),
        find: () => store.find('g1', { text: 'user', limit: 10 }),
        memberships: () => store.memberships('cat', 10),
        stays: () => store.stays('cat', 10),
      };
      const counted: [string, number][] = [];
      for (const [name, read] of Object.entries(reads)) {
        const before = await rowsRead();
        await read();
        counted.push([name, (await rowsRead()) - before]);
      }
      expect(counted.filter(([, rows]) => rows > 150)).toEqual([]);
      await link.close();
    });
  });
}

/** The user has left 500 groups, long ago. */
async function leaveMany(config: MysqlConfig, userId: string): Promise<void> {
  const group = 'body, dissolved_at, last_message_id, last_from, preview, updated_at';
  const member = `user_id, role, since_id, body, read_up_to, read_at, read_node, read_others, read_mentions, display_name,
    display_order`;
  const statements = Array.from(
    { length: 500 },
    (_, n) => `INSERT INTO chat_groups (conversation_id, ${group}) SELECT 'left${n}', ${group} FROM chat_groups
        WHERE conversation_id = 'g1';
      INSERT INTO group_members (conversation_id, left_at, ${member}) SELECT 'left${n}', ${n + 1}, ${member}
        FROM group_members WHERE conversation_id = 'g1' AND user_id = '${userId}'`,
  );
  await runSql(config, statements.join(';'), config.address.database);
}
