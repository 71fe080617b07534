import { execFileSync } from 'node:child_process';
import { DEFAULT_LIMITS, groupLog } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { startTestCluster } from '../../cluster/cluster.ts';
import { createGroup, memberNames } from './group-api.ts';
import { GroupCrowd } from './group-crowd.ts';
import { GroupLoad, type GroupLoadMode } from './group-load.ts';
import { GROUP_LIMITS, WITH_GROUP_LIMITS } from './limits.ts';

const GROUP = 'busy';
const MEMBERS = 4;

test.each<GroupLoadMode>([
  { kind: 'open', rate: 100 },
  { kind: 'closed', inFlight: 4 },
])('the load of a group counts truthfully: %o', async (mode) => {
  await using cluster = await startTestCluster({ limits: { ...DEFAULT_LIMITS, ...GROUP_LIMITS } });
  const { connect, engines, url } = cluster.running;
  const server = { api: url, target: { nodes: connect.map(({ wsUrl }) => wsUrl), token: cluster.token } };
  await createGroup(server, GROUP, memberNames(MEMBERS));
  using crowd = await GroupCrowd.open(server.target, memberNames(MEMBERS));
  const load = new GroupLoad(crowd, GROUP);
  await load.run(mode, 1);
  expect(load.sent).toBeGreaterThanOrEqual(mode.kind === 'open' ? mode.rate : mode.inFlight);
  const { done, chats, unfinished, refusals, sent } = load;
  const toOthers = sent * (MEMBERS - 1);
  expect({ done, chats, unfinished, refused: refusals.size }).toEqual({
    ...{ done: sent, chats: toOthers },
    ...{ unfinished: 0, refused: 0 },
  });
  const counts = [load.queuing, load.storing, load.receiving].map(({ count }) => count);
  expect(counts).toEqual([sent, sent, toOthers]);
  const { entries } = await engines.logs.page(groupLog(GROUP), 0, 100_000);
  expect(entries.filter(({ type }) => type === 'message')).toHaveLength(sent);
});

test('an app that is a process of its own has the limits of the bench', () => {
  const script = `import { DEFAULT_LIMITS } from '@chasqui/domain'; console.log(JSON.stringify(DEFAULT_LIMITS));`;
  const args = ['--input-type=module', '--eval', script];
  const printed = execFileSync(process.execPath, args, { env: { ...process.env, ...WITH_GROUP_LIMITS } });
  expect(JSON.parse(printed.toString())).toEqual({ ...DEFAULT_LIMITS, ...GROUP_LIMITS });
});
