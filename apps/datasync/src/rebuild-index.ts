import type { Clock, Random, StoredMessage } from '@chasqui/domain';
import { sleep } from '@chasqui/kit';
import type { MessageStore, SearchIndex } from '@chasqui/ports';
import { searchDocument } from './search-documents.ts';
import { writeDocuments } from './write-documents.ts';

const PAGE = 1_000;
/** Pages after which the index notes how far it is. */
const NOTED_PAGES = 5;
/** The longest pause after a page, in ms. */
const MAX_PAUSE_MS = 2_000;

export interface RebuildOptions {
  messages: Pick<MessageStore, 'scan' | 'get'>;
  search: Pick<SearchIndex, 'rebuild' | 'remove'>;
  clock: Clock;
  random: Random;
  /**
   * Nobody waits for it: it goes on where an earlier one was interrupted, can be interrupted itself, and pauses after each
   * page for as long as the page took, as the stores serve people meanwhile.
   */
  resume?: boolean;
}

export interface RebuildProgress {
  messages: number;
  refused: number;
}

/**
 * Builds the whole index anew from the message store beside the live one, then swaps them. Searches and new writes go
 * on meanwhile. Errors: `store_unavailable`, `search_unavailable`: the old index stays.
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
 * A message that was removed between its scan and its write came back with the write. Looking once more after the write
 * finds it; one that is removed after this look is removed from the new index too by DataSync, which is told of it.
 */
async function removeGone({ messages, search }: RebuildOptions, written: readonly StoredMessage[]): Promise<void> {
  const found = await messages.get(written);
  const gone = written.filter((_, index) => found[index] === null);
  if (gone.length > 0) await search.remove(gone);
}
