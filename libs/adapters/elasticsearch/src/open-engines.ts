import { assemble, type Logger } from '@chasqui/kit';
import type { Engines } from '@chasqui/ports';
import { untilReady } from './await-cluster.ts';
import { Link, type LinkParts } from './link.ts';
import { namesOf } from './names.ts';
import { createSearchIndex } from './search-index.ts';

/**
 * Opens the search port once the cluster answers and is set up. Afterwards it tolerates any outage: calls fail with
 * `search_unavailable` meanwhile. Errors: as `untilReady`.
 */
export function openElasticsearchEngines({
  logger: parent,
  ...parts
}: LinkParts & { logger: Logger }): Promise<Pick<Engines, 'search'> & AsyncDisposable> {
  const logger = parent.child({ part: 'elasticsearch' });
  return assemble(async (stack) => {
    const link = stack.use(await Link.open(parts));
    const search = createSearchIndex(link, namesOf(parts.config.prefix));
    await untilReady(link, parts.config, logger, () => search.ping());
    return { search };
  });
}
