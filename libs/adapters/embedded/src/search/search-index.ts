import { ImError, statusRank } from '@chasqui/domain';
import type { SearchDocument, SearchIndex } from '@chasqui/ports';
import type { Caller } from '../worker-link/caller.ts';
import type { DocumentRow, SearchOperations, WriteReply } from './search-operations.ts';

function rowsOf(documents: readonly SearchDocument[]): (string | number)[] {
  const rows: (string | number)[] = [];
  for (const { messageId, conversationId, from, logs, text, sentAt, status, version } of documents) {
    const row: DocumentRow = [
      ...([messageId, conversationId, from, logs.join(','), text] as const),
      ...([sentAt, statusRank(status), version] as const),
    ];
    rows.push(...row);
  }
  return rows;
}

function resultsOf(reply: WriteReply): (Error | null)[] {
  return reply.map((reason) => (reason === null ? null : new ImError('invalid_request', reason)));
}

/** `SearchIndex` over a caller of the search worker. */
export function createSearchIndex(search: Caller<SearchOperations>): SearchIndex {
  return {
    async index(documents) {
      return documents.length === 0 ? [] : resultsOf(await search.call('search.index', rowsOf(documents)));
    },
    async remove(keys) {
      if (keys.length > 0)
        await search.call(
          'search.remove',
          keys.map(({ messageId }) => messageId),
        );
    },
    search: (query) => search.call('search.search', query),
    async rebuild({ resume = false } = {}) {
      const { rebuild, cursor } = resume
        ? await search.call('search.resume', null)
        : { rebuild: await search.call('search.rebuild', null), cursor: null };
      return {
        cursor,
        async reached(place) {
          await search.call('search.reached', { rebuild, cursor: place });
        },
        async index(documents) {
          return resultsOf(await search.call('search.fill', { rebuild, rows: rowsOf(documents) }));
        },
        async commit() {
          await search.call('search.commit', rebuild);
        },
        async [Symbol.asyncDispose]() {
          await search.call('search.drop', rebuild);
        },
      };
    },
    rebuildDue: () => search.call('search.rebuildDue', null),
    async ping() {
      await search.call('ping', null);
    },
    async [Symbol.asyncDispose]() {},
  };
}
