import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { markdownTable } from '@chasqui/app-cli/load';
import { HonestUser, Seen } from '../hostile/honest-user.ts';
import { startWithLimits } from '../servers.ts';
import type { CrowdCounts, CrowdOrder } from './crowd-process.ts';
import { createGroup, memberNames } from './group-api.ts';
import { ms, whole } from './table.ts';

/** One quiet time and one in which a group is beyond its limit, as two users in a direct chat see them. */
export interface BesideTurn {
  quiet: Seen;
  busy: Seen;
  counts: CrowdCounts;
}

/** Members of the group, and those of them who are online. */
const MEMBERS = 10_000;
const ONLINE = 500;
/** Messages a second that its members offer: more than two nodes take by default. */
const OFFERED = 600;
const WARM_UP_MS = 5_000;
/** After a busy time: what is written later belongs to it. */
const SETTLE_MS = 3_000;

/** C23: a hot group slows itself, not others. The first turn warms the server up and is left out. */
export async function directBesideGroup({ turns, seconds }: { turns: number; seconds: number }): Promise<BesideTurn[]> {
  await using server = await startWithLimits({ maxGroupMembers: MEMBERS });
  await createGroup(server, 'busy', memberNames(MEMBERS));
  const { nodes, token } = server.target;
  const tokens: { [userId: string]: string } = {};
  for (const userId of memberNames(ONLINE)) tokens[userId] = await token(userId);
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
    const done: BesideTurn[] = [];
    for (let turn = 0; turn <= turns; turn++) {
      const quiet = await during(() => pause(seconds * 1_000));
      const counts = busyTime(child);
      const busy = await during(() => pause(seconds * 1_000));
      done.push({ quiet, busy, counts: await counts });
      await pause(SETTLE_MS);
    }
    return done.slice(1);
  } finally {
    child.kill();
  }
}

async function busyTime(child: ChildProcess): Promise<CrowdCounts> {
  const ended = once(child, 'message');
  child.send('go');
  const [counts] = (await ended) as [CrowdCounts];
  return counts;
}

export function besideText(turns: readonly BesideTurn[]): string {
  const figures = ['ping', 'received', 'stored', 'late'] as const;
  const row = (time: 'quiet' | 'busy') =>
    figures.map((figure) => {
      const at = (q: number) => ms(median(turns.map((turn) => turn[time][figure].quantile(q))));
      return figure === 'late' ? at(0.99) : `${at(0.5)} / ${at(0.99)}`;
    });
  const table = [
    ['two users in a direct chat', 'ping', 'received', 'stored', 'client late p99'],
    ['quiet', ...row('quiet')],
    ['beside the group', ...row('busy')],
  ];
  const sum = (of: (counts: CrowdCounts) => number) => turns.reduce((all, { counts }) => all + of(counts), 0);
  const received = (of: (counts: CrowdCounts) => number) => ms(median(turns.map(({ counts }) => of(counts))));
  const p99s = turns.map(
    ({ quiet, busy }) => `${ms(quiet.received.quantile(0.99))} → ${ms(busy.received.quantile(0.99))}`,
  );
  return [
    `A group of ${whole(MEMBERS)} members, ${ONLINE} of them online, is offered ${OFFERED} messages a second, in ${turns.length} turns with quiet times:`,
    `${whole(sum(({ done }) => done))} done (${whole(sum(({ chats }) => chats))} frames, received ${received(({ receivedP50 }) => receivedP50)} / ${received(({ receivedP99 }) => receivedP99)}),`,
    `${whole(sum(({ refused }) => refused))} refused with \`too_fast\`, ${sum(({ unfinished }) => unfinished)} unfinished. Medians of the turns:\n\n${markdownTable(table)}\n\n`,
    `*received* p99 by turn: ${p99s.join(', ')}.`,
  ].join(' ');
}

function median(values: readonly number[]): number {
  return values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;
}
