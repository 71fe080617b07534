import { defined, hasFolded, type MessageId, type SearchTerm, searchTerms } from '@chasqui/domain';
import type { SearchHit, SearchQuery } from '@chasqui/ports';
import { kindOf } from './faults.ts';
import { notSetUp } from './indices.ts';
import type { Link, LinkRequest } from './link.ts';
import type { Names } from './names.ts';
import type { Patience } from './patience.ts';

/** If the index is still missing after these attempts, it is not being replaced. */
const TRIES = 3;

type Found = Omit<SearchHit, 'exact'>;

interface Answer {
  hits?: { hits?: { _source: Found }[] };
}

type Words = object[];

function exactWords(terms: readonly SearchTerm[]): Words {
  return terms.map(({ exact }) => ({ term: { words: exact } }));
}

/** Finds all matches that are not exact hits. */
function foldedWords(terms: readonly SearchTerm[]): Words {
  const either = ({ tokens, beginnings }: SearchTerm) => ({
    bool: { should: [{ terms: { words: tokens } }, ...beginnings.map((start) => ({ prefix: { words: start } }))] },
  });
  return [...terms.map(either), { bool: { must_not: [{ bool: { filter: exactWords(terms) } }] } }];
}

/** The newest documents that have the words and are older than `before`. */
function searchRequest(
  names: Names,
  { logs, conversationId, above, below }: SearchQuery,
  { words, before, limit }: { words: Words; before: MessageId | undefined; limit: number },
): LinkRequest {
  return {
    method: 'POST',
    path: `/${names.live}/_search`,
    query: {
      // Fail rather than return some of the hits: a caller could not tell what is missing.
      allow_partial_search_results: false,
      filter_path: 'hits.hits._source',
      ...defined({ routing: conversationId }),
    },
    body: {
      size: limit,
      sort: [{ messageId: 'desc' }],
      track_total_hits: false,
      ...(before === undefined ? {} : { search_after: [before] }),
      query: {
        bool: {
          filter: [
            ...(logs === 'all' ? [] : [{ terms: { users: logs } }]),
            ...(above === undefined && below === undefined
              ? []
              : [{ range: { messageId: defined({ gt: above, lt: below }) } }]),
            ...(conversationId === undefined ? [] : [{ term: { conversationId } }]),
            ...words,
          ],
        },
      },
    },
  };
}

/**
 * At most two requests, as the newest hits of one rank are read without the rest of that rank. Errors:
 * `search_unavailable`.
 */
export async function search(link: Link, names: Names, query: SearchQuery): Promise<SearchHit[]> {
  const { text, after, limit } = query;
  const terms = searchTerms(text);
  if (terms.length === 0) return [];
  const patience = link.patience();
  const find = async (exact: boolean, part: { words: Words; before: MessageId | undefined; limit: number }) => {
    const found = await ask(link, names, searchRequest(names, query, part), patience);
    return found.map((hit) => ({ ...hit, exact }));
  };
  const isFoldedPage = after?.exact === false;
  const hits = isFoldedPage ? [] : await find(true, { words: exactWords(terms), before: after?.messageId, limit });
  if (hits.length >= limit || !hasFolded(terms)) return hits;
  const before = isFoldedPage ? after.messageId : undefined;
  return [...hits, ...(await find(false, { words: foldedWords(terms), before, limit: limit - hits.length }))];
}

async function ask(link: Link, names: Names, request: LinkRequest, patience: Patience): Promise<Found[]> {
  for (let attempt = 1; ; attempt++) {
    try {
      const { hits } = await link.request<Answer>(request, patience);
      return (hits?.hits ?? []).map(({ _source }) => foundIn(_source));
    } catch (error) {
      if (kindOf(error) !== 'missing') throw error;
      // A rebuild's commit is replacing the index right now, or nothing is set up.
      if (attempt >= TRIES || !(await patience.pause())) throw notSetUp(names);
    }
  }
}

/** Leaves out fields that releases up to 0.1 indexed as well. */
function foundIn({ messageId, conversationId, from, sentAt, status, text }: Found): Found {
  return { messageId, conversationId, from, sentAt, status, text };
}
