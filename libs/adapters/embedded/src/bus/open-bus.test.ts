import { messageBusContract } from '@chasqui/contracts';
import { CONVERSATION_TOPIC, SEARCH_TOPIC } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { openBusOnly } from '../testing/parts.ts';
import { parts, scratchFolder, scratchHarness } from '../testing/scratch.ts';
import { openBus } from './open-bus.ts';

messageBusContract('embedded', scratchHarness(openBusOnly));

const folder = scratchFolder();

test('a topic keeps its number of shards, whatever the default of a later version is (C5)', async () => {
  for (const options of [{ shards: { [CONVERSATION_TOPIC]: 5 } }, {}, { shards: { [CONVERSATION_TOPIC]: 3 } }]) {
    const { bus, link } = await openBus({ ...parts, dataDir: folder }, options);
    expect(bus.topicShards()).toMatchObject({ [CONVERSATION_TOPIC]: 5, [SEARCH_TOPIC]: 1 });
    await bus[Symbol.asyncDispose]();
    await link[Symbol.asyncDispose]();
  }
});
