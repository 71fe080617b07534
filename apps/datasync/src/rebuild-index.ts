import type { Clock, Random, StoredMessage } from '@chasqui/domain';
import { sleep } from '@chasqui/kit';
import type { MessageStore, SearchIndex } from '@chasqui/ports';
import { searchDocument } from './search-documents.ts';
import { writeDocuments } from './write-documents.ts';

const PAGE = 1_000;
/** After how many pages the index records the progress. */
const NOTED_PAGES = 5;
/** The longest pause after a page, in ms. */
const MAX_PAUSE_MS = 2_000;

export interface RebuildOptions {
  messages: Pick<MessageStore, 'scan' | 'get'>;
  search: Pick<SearchIndex, 'rebuild' | 'remove'>;
  clock: Clock;
  random: Random;
  /**
   * For a rebuild that nobody waits for: it resumes an interrupted one and can be interrupted itself. After each page
   * it pauses for as long as the page took, as the stores also serve users.
   */
  resume?: boolean;
}

export interface RebuildProgress {
  messages: number;
  refused: number;
}

/**
 * Builds a new index from the message store beside the live one, then swaps them. Searches and new writes continue.
 * Errors: `store_unavailable`, `search_unavailable`; the old index stays.
 */
export async function rebuildIndex(
  options: RebuildOptions,
  onProgress: (progress: RebuildProgress) => void,
): Promise<RebuildProgress> {
  const { messages, search, clock, random, resume = false } = options;
  await using rebuild = await search.rebuild({ resume });
  const progress: RebuildProgress = { messages: 0, refused: 0 };
  let cursor = rebuild.cursor;
  for (let pages = 1; ; pages++) {
    const startedAt = clock.monotonic();
    const page: Awaited<ReturnType<MessageStore['scan']>> = await messages.scan(cursor, PAGE);
    const documents = page.messages.map(searchDocument);
    const refused = await writeDocuments(documents, { index: (some) => rebuild.index(some), clock, random });
    await removeGone(options, page.messages);
    progress.messages += page.messages.length;
    progress.refused += refused.length;
    onProgress({ ...progress });
    cursor = page.cursor;
    if (cursor === null) break;
    if (pages % NOTED_PAGES === 0) await rebuild.reached(cursor);
    const pauseMs = resume ? Math.min(clock.monotonic() - startedAt, MAX_PAUSE_MS) : 0;
    if (pauseMs > 0) await sleep(clock, pauseMs);
  }
  await rebuild.commit();
  return progress;
}

/**
 * A message that was removed between its scan and its write was restored by the write. Reading it again after the write
 * detects that. A message that is removed later is removed from the new index too, by its own event to DataSync.
 */
async function removeGone({ messages, search }: RebuildOptions, written: readonly StoredMessage[]): Promise<void> {
  const found = await messages.get(written);
  const gone = written.filter((_, index) => found[index] === null);
  if (gone.length > 0) await search.remove(gone);
}
