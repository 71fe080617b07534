import { momentsContract } from '@chasqui/contracts';
import { createInboxStore } from '../src/stores/conversations/inbox-store.ts';
import { createMomentStores } from '../src/stores/moments/moment-stores.ts';
import { openSpoilingStores, throughSocket } from './support/parts.ts';
import { scratchHarness } from './support/scratch.ts';

momentsContract(
  'embedded, in process',
  scratchHarness(async (given) => {
    const opened = await openSpoilingStores(given, 1);
    const { subject } = opened;
    return { ...opened, subject: { ...createMomentStores(subject), inboxes: createInboxStore(subject) } };
  }),
);

momentsContract(
  'embedded, through the socket',
  scratchHarness(async (given) => {
    const opened = await openSpoilingStores(given, 4_000_000);
    return throughSocket(given.dataDir, { stores: opened.subject as never }, opened);
  }),
);
