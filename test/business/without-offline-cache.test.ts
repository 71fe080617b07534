import { Business, type BusinessOptions } from '@chasqui/app-business/core';
import { LogReader } from '@chasqui/core';
import { silentLogger } from '@chasqui/kit';
import { expect, test, vi } from 'vitest';
import { eventsOf } from './events.ts';
import { FaultyProcess } from './faulty-process.ts';
import { House } from './house.ts';

/** As on the embedded engines. */
function withoutCache({ engines: { offlineCache: _, ...engines }, ...options }: BusinessOptions): Business {
  return new Business({ ...options, engines });
}

test('C7, C10: without an offline cache nothing is put into it, a recall reaches the body, and a sync reads the store', async () => {
  const house = new House();
  const { message, recall, synced } = eventsOf(house);
  const add = vi.spyOn(house.offlineCache, 'add');
  house.start(new FaultyProcess(), withoutCache);
  const [kept, secret] = [message('ann', 'cid', 'kept'), message('ann', 'cid', 'secret')];
  await house.publish([kept, secret]);
  await house.quiet();
  await house.publish([recall(secret)]);
  await house.quiet();
  const { logs, conversations, conversationStates: states, reactions, messages } = house;
  const parts = { logs, conversations, states, reactions, messages, maxPageBytes: 1e6, logger: silentLogger };
  const reader = new LogReader(parts);
  const { updates, position } = await reader.page('cid', 0, 100);
  const texts = updates.flatMap((update) => (update.type === 'chat' ? [update.content?.text] : []));
  expect(texts).toEqual(['kept', undefined]);
  await house.publish([synced('cid', position)]);
  await house.quiet();
  expect((await messages.get([kept.encoded.message]))[0]?.statuses).toEqual({ cid: 'delivered' });
  expect(add).not.toHaveBeenCalled();
});
