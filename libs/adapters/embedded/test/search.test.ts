import { searchIndexContract } from '@chasqui/ports/contracts';
import { createSearchIndex } from '../src/search/search-index.ts';
import { openSearchOnly } from './support/parts.ts';
import { scratchHarness } from './support/scratch.ts';

searchIndexContract('embedded', {
  ...scratchHarness(async (given) => {
    const opened = await openSearchOnly(given);
    return { ...opened, subject: createSearchIndex(opened.subject) };
  }),
  settle: async () => {},
});
