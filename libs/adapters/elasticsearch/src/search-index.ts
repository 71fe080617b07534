import type { SearchIndex } from '@chasqui/ports';
import { type Destination, writeBulk } from './bulk-writer.ts';
import type { Link } from './link.ts';
import type { Names } from './names.ts';
import { indexOperation, removeOperation } from './operations.ts';
import { isRebuildDue } from './progress.ts';
import { startRebuild } from './rebuild.ts';
import { search } from './search.ts';
import { Targets } from './targets.ts';

/** `SearchIndex` over Elasticsearch. Its only state is where to write, kept for at most TARGETS_MAX_AGE_MS. */
export function createSearchIndex(link: Link, names: Names): SearchIndex {
  const targets = new Targets(link, names);
  const everywhere: Destination = {
    names: (patience) => targets.current(patience),
    async instead(patience) {
      // A rebuild ended meanwhile. Whatever its outcome, the writes belong in the index that is live now.
      targets.forget();
      await targets.current(patience);
      return names.live;
    },
    areAliases: true,
  };
  return {
    async index(documents) {
      return await writeBulk(link, documents.map(indexOperation), everywhere);
    },
    async remove(keys) {
      const results = await writeBulk(link, keys.map(removeOperation), everywhere);
      const refused = results.find((result) => result !== null);
      if (refused != null) throw refused;
    },
    search: (query) => search(link, names, query),
    rebuild: ({ resume = false } = {}) => startRebuild(link, names, resume),
    rebuildDue: () => isRebuildDue(link, names),
    async ping() {
      const query = { size: 0, terminate_after: 1, allow_partial_search_results: false };
      await link.request({ method: 'POST', path: `/${names.live}/_search`, query });
    },
    async [Symbol.asyncDispose]() {},
  };
}
