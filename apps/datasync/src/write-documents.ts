import { type Clock, ImError, type Random } from '@chasqui/domain';
import { backoffMs, sleep } from '@chasqui/kit';
import type { SearchDocument, SearchIndex } from '@chasqui/ports';

/** How often a document that fails alone is tried. */
const MAX_TRIES = 5;
const BACKOFF = { initialMs: 100, maxMs: 2_000 };

export interface WriteDocumentsOptions {
  /** Writes to the live index or to one that is being rebuilt. */
  index: SearchIndex['index'];
  clock: Clock;
  random: Random;
}

/** Documents that the search engine refuses for good, each with the reason. */
export type Refused = { messageId: string; fault: Error }[];

/**
 * Writes in bulk, and retries documents that fail alone. Resolves to the documents that the engine will never accept.
 * Errors: `search_unavailable` and similar, also if the engine is only too busy for a document; the caller repeats the
 * call.
 */
export async function writeDocuments(
  documents: readonly SearchDocument[],
  { index, clock, random }: WriteDocumentsOptions,
): Promise<Refused> {
  let todo = documents;
  for (let attempt = 0; todo.length > 0; attempt++) {
    const results = await index(todo);
    const failed = todo.flatMap((document, at) => {
      const fault = results[at];
      return fault == null ? [] : [{ document, fault }];
    });
    if (failed.length > 0 && attempt + 1 >= MAX_TRIES) {
      const busy = failed.find(({ fault }) => fault instanceof ImError && fault.retry !== 'never');
      if (busy !== undefined) throw busy.fault;
      return failed.map(({ document: { messageId }, fault }) => ({ messageId, fault }));
    }
    todo = failed.map(({ document }) => document);
    if (todo.length > 0) await sleep(clock, backoffMs(attempt, BACKOFF, random));
  }
  return [];
}
