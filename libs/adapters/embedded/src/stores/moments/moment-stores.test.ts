import { momentsContract } from '@chasqui/contracts';
import { openSpoilingStores, throughSocket } from '../../testing/parts.ts';
import { scratchHarness } from '../../testing/scratch.ts';
import { createUpdateLog } from '../conversations/update-log.ts';
import { createMomentStores } from './moment-stores.ts';

momentsContract(
  'embedded, in process',
  scratchHarness(async (given) => {
    const opened = await openSpoilingStores(given, 1);
    const { subject } = opened;
    return { ...opened, subject: { ...createMomentStores(subject), logs: createUpdateLog(subject) } };
  }),
);

momentsContract(
  'embedded, through the socket',
  scratchHarness(async (given) => {
    const opened = await openSpoilingStores(given, 4_000_000);
    return throughSocket(given.dataDir, { stores: opened.subject as never }, opened);
  }),
);
