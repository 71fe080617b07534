import { describe, it } from 'vitest';
import type { EngineSet } from '../../deploy/engines/local-engines.ts';
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

/** The journeys on two Connect nodes and all other apps in this process, on the engines of a set. */
export function journeysOn(set: EngineSet): void {
  async function start(settings: { [name: string]: string } = {}): Promise<TestCluster> {
    await using stack = new AsyncDisposableStack();
    const { env } = stack.use(await createInstallation(set));
    const cluster = stack.use(await startTestCluster({ env: { ...env, ...settings } }));
    const owned = stack.move();
    return { ...cluster, [Symbol.asyncDispose]: () => owned.disposeAsync() };
  }

  describe('a message between two nodes', () => messageJourneys(start));
  describe('what waits', () => offlineJourneys(start));
  describe('people in groups', () => groupJourneys(start));
  describe('people', () => peopleJourneys(start));
  describe('blocks that are silent', () => silenceJourneys(start));
  describe('kick policies', () => kickJourneys(start));
  describe('devices that are away', () => pushJourneys(start));
  describe('a user is erased', () => erasureJourneys(start));
  describe('moments', () => momentJourneys(start));

  describe('a conversation by a client that this project did not write', () => {
    it('C3, C5, C6, C7, C10, C13: arrives once and in order across nodes and an absence, and is found', async () => {
      await using cluster = await start();
      await holdConversation(cluster);
    }, 240_000);
  });
}
