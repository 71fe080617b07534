import { queryTokens } from '@chasqui/domain';
import type { SearchHit, SearchQuery } from '@chasqui/ports';
import { kindOf } from './faults.ts';
import { notSetUp } from './indices.ts';
import type { Link, LinkRequest } from './link.ts';
import type { Names } from './names.ts';

/** An index that is still missing then is not being replaced. */
const TRIES = 3;

interface Answer {
  hits?: { hits?: { _source: SearchHit }[] };
}

/** Null when the query has nothing to look for. */
function searchRequest(names: Names, query: SearchQuery): LinkRequest | null {
  const { userId, text, conversationId, before, limit } = query;
  const words = queryTokens(text).join(' ').toWellFormed();
  if (words === '') return null;
  return {
    method: 'POST',
    path: `/${names.live}/_search`,
    query: {
      // Better none than some: a caller could not tell what is missing.
      allow_partial_search_results: false,
      filter_path: 'hits.hits._source',
      ...(conversationId === undefined ? {} : { routing: conversationId }),
    },
    body: {
      size: limit,
      sort: [{ messageId: 'desc' }],
      track_total_hits: false,
      ...(before === undefined ? {} : { search_after: [before] }),
      query: {
        bool: {
          filter: [
            { term: { users: userId } },
            ...(conversationId === undefined ? [] : [{ term: { conversationId } }]),
            { match: { words: { query: words, operator: 'and' } } },
          ],
        },
      },
    },
  };
}

/** Errors: `search_unavailable`. */
export async function search(link: Link, names: Names, query: SearchQuery): Promise<SearchHit[]> {
  const request = searchRequest(names, query);
  if (request === null) return [];
  const patience = link.patience();
  for (let attempt = 1; ; attempt++) {
    try {
      const { hits } = await link.request<Answer>(request, patience);
      return (hits?.hits ?? []).map(({ _source }) => _source);
    } catch (error) {
      if (kindOf(error) !== 'missing') throw error;
      // A rebuild's commit has replaced the index this moment, or nothing is set up.
      if (attempt >= TRIES || !(await patience.pause())) throw notSetUp(names);
    }
  }
}
