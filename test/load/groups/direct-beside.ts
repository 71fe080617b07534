import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { HonestUser, Seen } from '../hostile/honest-user.ts';
import { startWithLimits } from '../servers.ts';
import type { CrowdCounts, CrowdOrder } from './crowd-process.ts';
import { createGroup, memberNames } from './group-api.ts';

/** What two users in a direct chat see while a group is quiet, and while it is beyond its limit. */
export interface Beside {
  quiet: Seen;
  busy: Seen;
  counts: CrowdCounts;
}

/** Members of the group, and those of them who are online. */
export const BUSY_MEMBERS = 10_000;
export const BUSY_ONLINE = 500;
/** Messages a second that its members offer: more than two nodes take by default. */
export const OFFERED = 300;
const WARM_UP_MS = 5_000;

/** C23: a hot group slows itself, not others. */
export async function directBesideGroup(seconds: number): Promise<Beside> {
  await using server = await startWithLimits({ maxGroupMembers: BUSY_MEMBERS });
  await createGroup(server, 'busy', memberNames(BUSY_MEMBERS));
  const { nodes, token } = server.target;
  const tokens: { [userId: string]: string } = {};
  for (const userId of memberNames(BUSY_ONLINE)) tokens[userId] = await token(userId);
  const child = fork(join(import.meta.dirname, 'crowd-process.ts'));
  try {
    const [first = '', second = first] = nodes;
    using ann = await HonestUser.open(first, await token('ann'), 'ann', 'bob');
    using bob = await HonestUser.open(second, await token('bob'), 'bob', 'ann');
    const during = async (work: () => Promise<unknown>) => {
      const seen = new Seen();
      for (const user of [ann, bob]) user.seen = seen;
      await work();
      for (const user of [ann, bob]) user.seen = null;
      return seen;
    };
    child.send({ nodes, tokens, group: 'busy', rate: OFFERED, seconds } satisfies CrowdOrder);
    await once(child, 'message');
    await pause(WARM_UP_MS);
    const quiet = await during(() => pause(seconds * 1_000));
    const ended = once(child, 'message');
    child.send('go');
    const busy = await during(() => pause(seconds * 1_000));
    const [counts] = (await ended) as [CrowdCounts];
    return { quiet, busy, counts };
  } finally {
    child.kill();
  }
}
