import { serverEventsContract } from '@chasqui/contracts';
import { openSpoilingStores, throughSocket } from '../../testing/parts.ts';
import { scratchHarness } from '../../testing/scratch.ts';
import { createServerEventStores } from './server-event-stores.ts';

for (const way of ['in process', 'through the socket'] as const) {
  serverEventsContract(
    `embedded, ${way}`,
    scratchHarness(async (given) => {
      const opened = await openSpoilingStores(given, 1);
      if (way === 'in process') return { ...opened, subject: createServerEventStores(opened.subject) };
      return throughSocket(given.dataDir, { stores: opened.subject as never }, opened);
    }),
  );
}
