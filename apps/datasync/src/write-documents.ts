import { type Clock, ImError, type Random } from '@chasqui/domain';
import { backoffMs, sleep } from '@chasqui/kit';
import type { SearchDocument, SearchIndex } from '@chasqui/ports';

/** Tries for a document that fails alone. */
const MAX_TRIES = 5;
const BACKOFF = { initialMs: 100, maxMs: 2_000 };

export interface WriteDocumentsOptions {
  /** Where to: the live index, or one that is being rebuilt. */
  index: SearchIndex['index'];
  clock: Clock;
  random: Random;
}

/** Documents that the search engine refuses, each with its reason. */
export type Refused = { messageId: string; fault: Error }[];

/**
 * Writes in bulk; what fails alone is tried again alone. Resolves to what the engine will never take. Errors:
 * `search_unavailable` and the like, also for a document that the engine is only too busy for: the caller repeats.
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
