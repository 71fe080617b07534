import { type BusEvent, EventPublisher } from '@chasqui/core';
import { HybridClock } from '@chasqui/domain';
import { afterEach, expect, test, vi } from 'vitest';
import { ShownMessages } from '../../libs/client/src/conversations/shown-messages.ts';
import type { Contract } from '../checker/index.ts';
import { makePlan } from './make-plan.ts';
import { runPlan } from './run-plan.ts';
import * as sabotage from './sabotage.ts';
import type { Breakage } from './world.ts';

/**
 * Proofs that the checker can fail: a part is broken on purpose, and the checker must name the contract that it breaks.
 */

/** Seeds tried before a fault counts as undetected. */
const SEEDS = 100;

afterEach(() => {
  vi.restoreAllMocks();
});

async function expectFound(contract: Contract, breakage: Breakage = {}): Promise<void> {
  const found = new Set<Contract>();
  for (let seed = 1; seed <= SEEDS && !found.has(contract); seed++) {
    const { violations } = await runPlan(makePlan(seed), breakage);
    for (const violation of violations) found.add(violation.contract);
  }
  expect([...found]).toContain(contract);
}

test.each<[Contract, string, Breakage]>([
  ['C1', 'a bus that drops what it says it has', { engines: sabotage.forgetfulBus }],
  ['C2', 'a message store that loses what it says it has', { engines: sabotage.lossyMessages }],
  ['C3', 'a bus that drops what it says it has', { engines: sabotage.forgetfulBus }],
  ['C3', 'a search index that leaves documents out', { engines: sabotage.blindSearch }],
  ['C4', 'storing without dedup', { engines: sabotage.withoutDedup }],
  ['C7', 'statuses that go back', { engines: sabotage.backwardStatuses }],
  ['C7', 'read marks that are forgotten', { engines: sabotage.forgetfulMarks }],
  ['C8', 'unread counts that are added to', { engines: sabotage.countingCache }],
  ['C9', 'an offline receiver that is not noted', { engines: sabotage.carelessStatuses }],
  ['C10', 'inbox pages with gaps', { engines: sabotage.gappedLogs }],
  ['C12', 'a bus that never takes what one user writes', { engines: sabotage.stubbornBus }],
])(
  '%s: the checker finds %s',
  async (contract, _, breakage) => {
    await expectFound(contract, breakage);
  },
  60_000,
);

test('C5: the checker finds a publisher with several publishes of a shard in flight', async () => {
  vi.spyOn(EventPublisher.prototype, 'publish').mockImplementation(function (
    this: EventPublisher,
    topic: string,
    key: string,
    event: BusEvent,
  ) {
    return this.publishLater(topic, [{ key, event }], 0);
  });
  await expectFound('C5');
}, 60_000);

/** Clients that omit a field from the frames that they send. */
function without(field: 'after' | 'follows'): NonNullable<Breakage['transport']> {
  return (transport) => (url, ears) => {
    const socket = transport(url, ears);
    return {
      ...socket,
      send(text: string) {
        const { [field]: _, ...frame } = JSON.parse(text);
        socket.send(JSON.stringify(frame));
      },
    };
  };
}

test('C5: the checker finds clients that leave `follows` out', async () => {
  await expectFound('C5', { transport: without('follows') });
}, 60_000);

test('C5: the checker finds nodes whose ids do not follow those that they see, where clients do not say `after`', async () => {
  vi.spyOn(HybridClock.prototype, 'observe').mockReturnValue();
  await expectFound('C5', { transport: without('after') });
}, 60_000);

test('C6: the checker finds a client that does not remember what it has shown', async () => {
  vi.spyOn(ShownMessages.prototype, 'find').mockReturnValue(undefined);
  await expectFound('C6');
}, 60_000);
