import type { RebuildOptions, SearchDocument, SearchIndex } from '@chasqui/ports';
import { SearchTable } from './search-table.ts';

/** A search index in memory, for tests and simulations. Indexed documents are found at once. */
export function createMemorySearch(): SearchIndex {
  let live = new SearchTable();
  const rebuilding = new Set<SearchTable>();
  let resumable: { table: SearchTable; cursor: string | null } | undefined;
  const write = (tables: Iterable<SearchTable>, documents: readonly SearchDocument[]): null[] => {
    for (const table of tables) for (const document of documents) table.write(document);
    return documents.map(() => null);
  };
  return {
    async index(documents) {
      return write([live, ...rebuilding], documents);
    },
    async remove(keys) {
      for (const table of [live, ...rebuilding]) for (const { messageId } of keys) table.remove(messageId);
    },
    async search(query) {
      return live.search(query);
    },
    async rebuild({ resume = false }: RebuildOptions = {}) {
      const kept = resume ? resumable : undefined;
      const build = kept ?? { table: new SearchTable(), cursor: null };
      if (resume) resumable = build;
      rebuilding.add(build.table);
      return {
        cursor: build.cursor,
        index: async (documents) => write([build.table], documents),
        async reached(cursor) {
          build.cursor = cursor;
        },
        async commit() {
          if (rebuilding.delete(build.table)) live = build.table;
          if (resumable === build) resumable = undefined;
        },
        async [Symbol.asyncDispose]() {
          if (resumable !== build) rebuilding.delete(build.table);
        },
      };
    },
    rebuildDue: async () => false,
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}
