import type { MessageToRecord } from '@chasqui/domain';
import { describe, expect, test } from 'vitest';
import { mysql } from '../../../../../deploy/engines/mysql.ts';
import { BOUNDS, changeOf, creationOf, expectExactCounts, groupLogOf, groupMessageOf } from '../testing/groups.ts';
import { Scratch } from '../testing/scratch.ts';
import { inboxOf, messageOf } from '../testing/traffic.ts';

const scratch = new Scratch(mysql.settings.CHASQUI_MYSQL_URL ?? '', { deadlineMs: 30_000 });
const GROUPS = ['g0', 'g1', 'g2', 'g3'];
const USERS = Array.from({ length: 8 }, (_, i) => `user${i}`);

/** Two processes on one database with groups of all users but the last two. */
async function twoProcesses() {
  const config = await scratch.ready();
  const both = [await scratch.open(config), await scratch.open(config)] as const;
  for (const group of GROUPS) await both[0].groups.apply(creationOf(group, 'user0', USERS.slice(0, -2)), BOUNDS);
  return both;
}

describe('two processes', { timeout: 120_000 }, () => {
  test('C10, C18, C21: record groups and pairs crosswise, change members and move marks: all succeed, all is exact', async () => {
    const both = await twoProcesses();
    const members = USERS.slice(0, -2);
    const batch = (backwards: boolean): MessageToRecord[] => {
      const messages = members.flatMap((from, i) => [
        ...GROUPS.map((group) => groupMessageOf(group, from, i % 2 === 0 ? ['user1'] : undefined)),
        messageOf(from, members[(i + 1) % members.length] ?? ''),
      ]);
      return backwards ? messages.reverse() : messages;
    };
    const rounds = 6;
    await Promise.all(
      both.flatMap(({ conversations, groups }, i) => {
        const ownGuest = USERS.at(-1 - i) ?? '';
        const inOrder = (round: number) => (round % 2 === i ? GROUPS : GROUPS.toReversed());
        return [
          async () => {
            for (let round = 0; round < rounds; round++) {
              const outcomes = await conversations.record(batch((i + round) % 2 === 0));
              expect(new Set(outcomes.map(({ result }) => result))).toEqual(new Set(['recorded']));
            }
          },
          async () => {
            for (let round = 0; round < rounds; round++) {
              for (const group of inOrder(round)) {
                const change = changeOf(group, 'user0', round % 2 === 0 ? 'add' : 'remove', { users: [ownGuest] });
                expect((await groups.apply(change, BOUNDS)).outcome.result).toBe('applied');
              }
            }
          },
          async () => {
            for (let round = 0; round < rounds; round++) {
              for (const [n, group] of inOrder(round).entries()) {
                const userId = members[(n + round) % members.length] ?? '';
                const [head] = await groups.headsOf([{ conversationId: group, userId }]);
                const upTo = head?.group.lastMessageId || '0'.repeat(24);
                await conversations.markRead({ userId, conversationId: group, upTo, at: round + 1, node: `n${i}` });
              }
            }
          },
        ].map((run) => run());
      }),
    );
    for (const group of GROUPS) {
      // Notices: its creation, and each guest's rounds.
      expect(await groupLogOf(both[1], group)).toHaveLength(1 + 2 * rounds + 2 * rounds * members.length);
    }
    await expectExactCounts(both[1], GROUPS);
  });

  test('C18, C20: once one has removed a member, the other records nothing of theirs', async () => {
    const [one, other] = await twoProcesses();
    for (const group of GROUPS) {
      const results: { result: string; afterRemoval: boolean; position: number }[] = [];
      let removed = 0;
      const posting = (async () => {
        for (let tries = 0; tries < 200 && results.filter(({ result }) => result === 'refused').length < 3; tries++) {
          const afterRemoval = removed > 0;
          const [outcome] = await other.conversations.record([groupMessageOf(group, 'user3')]);
          const places = outcome !== undefined && 'places' in outcome ? outcome.places : [];
          results.push({ result: outcome?.result ?? '', afterRemoval, position: places[0]?.position ?? 0 });
        }
      })();
      await expect.poll(() => results.length, { interval: 1 }).toBeGreaterThan(2);
      const { notice } = await one.groups.apply(changeOf(group, 'user0', 'remove', { users: ['user3'] }), BOUNDS);
      removed = notice?.position ?? expect.fail('no notice');
      await posting;
      expect(results.filter(({ position }) => position > removed)).toEqual([]);
      expect(new Set(results.filter((each) => each.afterRemoval).map(({ result }) => result))).toEqual(
        new Set(['refused']),
      );
      expect(await groupLogOf(one, group)).toHaveLength(results.filter(({ position }) => position > 0).length + 2);
    }
    await expectExactCounts(one, GROUPS);
  });

  test('C18: the same changes and the same messages, given to both at once, take effect once', async () => {
    const both = await twoProcesses();
    const before = (await inboxOf(both[0], 'user7')).length;
    const changes = GROUPS.map((group) => changeOf(group, 'user1', 'add', { users: ['user6', 'user7'] }));
    const messages = GROUPS.flatMap((group) => [groupMessageOf(group, 'user2'), groupMessageOf(group, 'stranger')]);
    const all = await Promise.all(
      both.map(async ({ groups, conversations }, i) => {
        const order = i === 0 ? changes : changes.toReversed();
        const applied = Promise.all(order.map((change) => groups.apply(change, BOUNDS)));
        const recorded = conversations.record(i === 0 ? messages : messages.toReversed());
        return { applied: await applied, recorded: await recorded };
      }),
    );
    expect(all.flatMap(({ applied }) => applied).filter(({ isRepeat }) => !isRepeat)).toHaveLength(GROUPS.length);
    const results = all.flatMap(({ recorded }) => recorded.map(({ result }) => result));
    const count = (wanted: string) => results.filter((result) => result === wanted).length;
    expect([count('recorded'), count('duplicate'), count('refused')]).toEqual([4, 4, 8]);
    for (const group of GROUPS) expect(await groupLogOf(both[0], group)).toHaveLength(3);
    expect(await inboxOf(both[0], 'user7')).toHaveLength(before + GROUPS.length);
    await expectExactCounts(both[0], GROUPS);
  });
});
