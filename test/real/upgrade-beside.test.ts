import { setTimeout as pause } from 'node:timers/promises';
import { inboxOf } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { checkHistory, History } from '../checker/index.ts';
import { ProcessCluster } from '../cluster/process-cluster.ts';
import { People } from '../faults/people.ts';
import { PATIENCE, settle, WRITE_DOWN_MS } from '../faults/run.ts';
import { gatherOutcome } from '../simulation/gather.ts';
import { mulberry32 } from '../simulation/random.ts';
import { chasquiOf, ReleasedTree, ROOT } from '../upgrade/released-tree.ts';
import { createInstallation } from './installation.ts';

/** The release before this one. */
const BEFORE = '99fbd060';
const TALK_MS = 1_000;
const QUIET_MS = 3_000;

/**
 * Those that read new events are upgraded before those that write them (docs/operations.md). The process of the embedded
 * engines speaks only to apps of its own version: DataSync and the API are upgraded with it.
 */
const READERS = ['business-1', 'business-2', 'push', 'hooks', 'engine', 'datasync', 'api'];
const WRITERS = ['connect-1', 'connect-2'];
const FIRST = ['business-1'];

test(`C3, C5, C6, C7, C8, C10: from ${BEFORE} to this version while people write, rolled back half-way, and again`, {
  timeout: 240_000,
}, async () => {
  await using before = await ReleasedTree.of(BEFORE);
  await using installation = await createInstallation('classic');
  const upgraded = new Set<string>();
  await using cluster = await ProcessCluster.start({
    ...{ connect: 2, business: 2, installation },
    rootOf: (name) => (upgraded.has(name) ? ROOT : before.root),
    setup: (env) => chasquiOf(before.root, ['setup'], env),
  });
  const history = new History(() => performance.now());
  using people = await People.invite(cluster, history, 2, mulberry32(1));
  const talking = people.talk();
  const restart = async (name: string) => {
    expect(await cluster.signal(name, 'SIGTERM'), name).toBe(0);
    cluster.run(name);
  };
  const restarted = async (names: readonly string[]) => {
    await Promise.all(names.map(restart));
    await cluster.ready();
    await pause(TALK_MS);
  };
  const upgrade = (names: readonly string[]) => {
    for (const name of names) upgraded.add(name);
    return restarted(names);
  };
  const rollBack = (names: readonly string[]) => {
    for (const name of names) upgraded.delete(name);
    return restarted(names);
  };

  await pause(TALK_MS);
  await chasquiOf(ROOT, ['setup'], { ...process.env, ...installation.env, CHASQUI_DATA_DIR: cluster.dataDir });
  await upgrade(FIRST);
  await upgrade(READERS.filter((name) => !FIRST.includes(name)));
  await upgrade(['connect-1']);
  await rollBack(['connect-1']);
  await rollBack(READERS);
  await upgrade(READERS);
  await upgrade(WRITERS);
  people.stop();
  await talking;

  await using engines = await cluster.engines();
  const headOf = async (user: string) => (await engines.logs.page(inboxOf(user), 0, 1)).head;
  await settle(people, { ...PATIENCE.real, quietMs: QUIET_MS }, headOf);
  const outcome = await gatherOutcome(engines, people.users, people.texts);
  const devices = people.devices.map((device) => device.end());
  const judged = { history, absences: [], outcome: { ...outcome, devices }, writeDownMs: WRITE_DOWN_MS };
  expect(people.texts.length).toBeGreaterThan(100);
  expect(checkHistory(judged)).toEqual([]);
});
