import { describe, expect, test } from 'vitest';
import type { Database, Statement } from '../engine/index.ts';
import { Link } from '../engine/link.ts';
import { linkOptions } from '../engine/link-options.ts';
import { headsOf } from '../groups/heads.ts';
import { selectForMark } from '../groups/mark-in-group.ts';
import { selectForGroups } from '../groups/record-in-group.ts';
import { BOUNDS, creationOf, groupMessageOf } from './groups.ts';
import type { Scratch } from './scratch.ts';

/** Optimizers differ: some read all totals of a user where one look-up would do. */
export function boundedReads(name: string, scratch: Scratch): void {
  describe(`rows that are read: ${name}`, { timeout: 60_000 }, () => {
    test('C19: heads, marks and recording look totals up, however many messages a group has had', async () => {
      const config = await scratch.ready();
      const { groups, conversations } = await scratch.open(config);
      const ids = ['g1', 'g2'];
      for (const id of ids) {
        await groups.apply(creationOf(id, 'ann', ['bob', 'cat']), BOUNDS);
        for (const from of ['ann', 'bob', 'ann']) {
          await conversations.record(Array.from({ length: 200 }, () => groupMessageOf(id, from, ['cat'])));
        }
      }
      const link = await Link.connect(linkOptions(config));
      const database = { run: async (statement: Statement) => (await link.run([statement]))[0] } as Database;
      const rowsRead = async () => {
        const { rows } = await database.run({ sql: "SHOW SESSION STATUS LIKE 'Handler_read_%'" });
        return rows.reduce((sum, [, count]) => sum + Number(count), 0);
      };
      const reads: (() => Promise<unknown>)[] = [
        () =>
          headsOf(
            database,
            ids.flatMap((id) => ['bob', 'cat'].map((userId) => ({ conversationId: id, userId }))),
          ),
        () => link.run([selectForMark({ userId: 'cat', conversationId: 'g1', upTo: 'f'.repeat(24) })]),
        () => link.run(selectForGroups(ids.map((id) => groupMessageOf(id, 'bob', ['cat', 'ann'])))),
      ];
      for (const read of reads) {
        const before = await rowsRead();
        await read();
        expect((await rowsRead()) - before).toBeLessThan(150);
      }
      await link.close();
    });
  });
}
