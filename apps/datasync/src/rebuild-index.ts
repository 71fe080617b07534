import type { MessageStore, SearchIndex } from '@chasqui/ports';
import { searchDocument } from './search-documents.ts';

const PAGE = 1_000;

export interface RebuildProgress {
  messages: number;
  refused: number;
}

/**
 * Builds the whole index anew from the message store beside the live one, then swaps them. Searches and new writes go
 * on meanwhile. Errors: `store_unavailable`, `search_unavailable`: the old index stays.
 */
export async function rebuildIndex(
  { messages, search }: { messages: MessageStore; search: SearchIndex },
  onProgress: (progress: RebuildProgress) => void,
): Promise<RebuildProgress> {
  await using rebuild = await search.rebuild();
  const progress: RebuildProgress = { messages: 0, refused: 0 };
  let cursor: string | null = null;
  do {
    const page: Awaited<ReturnType<MessageStore['scan']>> = await messages.scan(cursor, PAGE);
    const results = await rebuild.index(page.messages.map(searchDocument));
    progress.messages += page.messages.length;
    progress.refused += results.filter((result) => result !== null).length;
    onProgress({ ...progress });
    cursor = page.cursor;
  } while (cursor !== null);
  await rebuild.commit();
  return progress;
}
