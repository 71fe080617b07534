import { describe, it } from 'vitest';
import { startTestCluster, type TestCluster } from '../cluster/cluster.ts';
import { silenceJourneys } from '../journeys/blocked-journeys.ts';
import { erasureJourneys } from '../journeys/erasure-journeys.ts';
import { groupJourneys } from '../journeys/group-journeys.ts';
import { kickJourneys } from '../journeys/kick-journeys.ts';
import { messageJourneys } from '../journeys/message-journeys.ts';
import { momentJourneys } from '../journeys/moment-journeys.ts';
import { offlineJourneys } from '../journeys/offline-journeys.ts';
import { peopleJourneys } from '../journeys/people-journeys.ts';
import { pushJourneys } from '../journeys/push-journeys.ts';
import { holdConversation } from '../third-party/conversation.ts';
import { createInstallation } from './installation.ts';

/** Two Connect nodes and all other apps in this process, on RocketMQ, Redis, MySQL, HBase and Elasticsearch. */
async function startOnRealEngines(settings: { [name: string]: string } = {}): Promise<TestCluster> {
  await using stack = new AsyncDisposableStack();
  const { env } = stack.use(await createInstallation());
  const cluster = stack.use(await startTestCluster({ env: { ...env, ...settings } }));
  const owned = stack.move();
  return { ...cluster, [Symbol.asyncDispose]: () => owned.disposeAsync() };
}

describe('on the real engines: a message between two nodes', () => messageJourneys(startOnRealEngines));

describe('on the real engines: what waits', () => offlineJourneys(startOnRealEngines));
describe('on the real engines: people in groups', () => groupJourneys(startOnRealEngines));
describe('on the real engines: people', () => peopleJourneys(startOnRealEngines));
describe('on the real engines: blocks that are silent', () => silenceJourneys(startOnRealEngines));
describe('on the real engines: kick policies', () => kickJourneys(startOnRealEngines));
describe('on the real engines: devices that are away', () => pushJourneys(startOnRealEngines));
describe('on the real engines: a user is erased', () => erasureJourneys(startOnRealEngines));
describe('on the real engines: moments', () => momentJourneys(startOnRealEngines));

describe('on the real engines: a conversation by a client that this project did not write', () => {
  it('C3, C5, C6, C7, C10, C13: arrives once and in order across nodes and an absence, and is found', async () => {
    await using cluster = await startOnRealEngines();
    await holdConversation(cluster);
  }, 240_000);
});
