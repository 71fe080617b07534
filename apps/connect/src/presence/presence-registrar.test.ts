import { createManualClock } from '@chasqui/contracts';
import { DEFAULT_LIMITS } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import { expect, test } from 'vitest';
import { PresenceRegistrar, type PresenceRegistrarOptions } from './presence-registrar.ts';

/** A node without sessions, and a registry that may forget it. */
async function stage() {
  const clock = createManualClock();
  const registry = { isKnown: true };
  const calls: string[] = [];
  const options: Pick<PresenceRegistrarOptions, 'clock' | 'limits' | 'logger' | 'groups' | 'describe'> = {
    clock,
    limits: DEFAULT_LIMITS,
    logger: silentLogger,
    describe: () => ({ nodeId: 'n1' }) as ReturnType<PresenceRegistrarOptions['describe']>,
    groups: {
      leaveAll: () => calls.push('leaveAll'),
      subscribeAgain: async () => void calls.push('subscribeAgain'),
      enterAgain: () => calls.push('enterAgain'),
    },
  };
  const subject = new PresenceRegistrar({
    ...options,
    registry: { renew: async () => registry.isKnown, remove: async () => {} },
    sessions: { all: () => [] },
  } as unknown as PresenceRegistrarOptions);
  await subject.start();
  return { clock, registry, calls, subject };
}

test('C20: an emptied engine gets the groups again that are subscribed for devices that come back', async () => {
  const { clock, registry, calls, subject } = await stage();
  await clock.advance(DEFAULT_LIMITS.nodeRenewMs);
  expect(calls).toEqual([]);
  registry.isKnown = false;
  await clock.advance(DEFAULT_LIMITS.nodeRenewMs);
  expect(calls).toEqual(['leaveAll', 'subscribeAgain']);
  subject.abandon();
});
