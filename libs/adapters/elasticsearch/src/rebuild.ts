import { defined } from '@chasqui/domain';
import { sleep } from '@chasqui/kit';
import type { SearchRebuild } from '@chasqui/ports';
import { type Destination, writeBulk } from './bulk-writer.ts';
import { kindOf, unavailable } from './faults.ts';
import { deleteGivenUp, giveUp } from './given-up-indices.ts';
import { DEFINITION_VERSION } from './index-definition.ts';
import { added, changeAliases, endNext, MASTER_MS, notSetUp, readIndices, removed } from './indices.ts';
import type { Link } from './link.ts';
import type { Names } from './names.ts';
import { indexOperation } from './operations.ts';
import { interrupted, mappingsOf, writeMeta } from './progress.ts';
import { TARGETS_MAX_AGE_MS } from './targets.ts';

/** Added to the age of what writers know, as clocks may run at slightly different speeds. */
const MARGIN_MS = 250;
/** Another rebuild may begin or end between a read and a change, which is then refused and retried. */
const TRIES = 5;

/**
 * Builds an index beside the live one, or continues an interrupted rebuild. Ends any other rebuild that was not
 * committed, whether abandoned or not.
 *
 * The new index must not miss any write, even by other processes. So an alias announces it, and filling starts only
 * once every new write goes to it too: writers reload their targets at least every TARGETS_MAX_AGE_MS. Earlier writes
 * are in the message store by the time it is read.
 */
export async function startRebuild(link: Link, names: Names, resume: boolean): Promise<SearchRebuild> {
  const earlier = resume ? await interrupted(link, names) : null;
  const index = earlier?.index ?? (await startEmpty(link, names, resume));
  let cursor = earlier?.cursor;
  const note = (notedAt: number) => {
    const place = defined({ cursor });
    return writeMeta(link, index, { version: DEFINITION_VERSION, resumable: resume, notedAt, ...place });
  };
  if (earlier !== null) await note(link.clock.now());
  const replaced = () => unavailable('missing', 'this rebuild was replaced by a later one: start again');
  const intoNew: Destination = {
    names: async () => [index],
    async instead() {
      throw replaced();
    },
    areAliases: false,
  };
  let committed = false;
  return {
    cursor: cursor ?? null,
    index: async (documents) => await writeBulk(link, documents.map(indexOperation), intoNew),
    async reached(place) {
      cursor = place;
      await note(link.clock.now());
    },
    async commit() {
      try {
        await makeLive(link, names, index);
      } catch (error) {
        throw kindOf(error) === 'missing' ? replaced() : error;
      }
      committed = true;
    },
    async [Symbol.asyncDispose]() {
      if (committed) return;
      // If this fails, the time of the last progress shows that the rebuild was abandoned.
      if (resume && cursor !== undefined) await note(0).catch(() => {});
      else await giveUp(link, names, index);
    },
  };
}

/** Makes an empty index that every new write goes to, too. */
async function startEmpty(link: Link, names: Names, resumable: boolean): Promise<string> {
  const index = names.index(`${link.clock.now().toString(36)}-${link.random().toString(36).slice(2, 10)}`);
  await createDraft(link, names, index, resumable);
  try {
    await makeNext(link, names, index);
    await deleteGivenUp(link, names);
    await sleep(link.clock, TARGETS_MAX_AGE_MS + MARGIN_MS);
  } catch (error) {
    await giveUp(link, names, index);
    throw error;
  }
  return index;
}

/** The version is that of this program, not of the template: setup may not have run yet. */
async function createDraft(link: Link, { draft }: Names, index: string, resumable: boolean): Promise<void> {
  const meta = { version: DEFINITION_VERSION, notedAt: link.clock.now(), resumable };
  const body = { aliases: { [draft]: {} }, ...mappingsOf(meta) };
  await link.attempt({ method: 'PUT', path: `/${index}`, body }, MASTER_MS);
}

/** From now on, new writes go to the index too. The same step abandons any other index that is being built. */
async function makeNext(link: Link, names: Names, index: string): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const { drafts, next, live } = await readIndices(link, names);
    if (live.length === 0) throw notSetUp(names);
    const others = drafts.filter((other) => other !== index);
    try {
      return await changeAliases(link, [
        ...others.map((other) => removed(other, names.draft)),
        ...next.map((other) => removed(other, names.next)),
        added(index, names.next),
      ]);
    } catch (error) {
      if (attempt >= TRIES || kindOf(error) === 'away') throw error;
    }
  }
}

/**
 * Swaps the indices. The new one keeps `next` until every node knows that it is live: until then, a node that still
 * considers the old one live may forward a write, which must reach the new one by `next`.
 */
async function makeLive(link: Link, names: Names, index: string): Promise<void> {
  // The index was filled just now, so this may take a while.
  const { _shards } = await link.request<{ _shards: { failed: number } }>(
    { method: 'POST', path: `/${index}/_refresh` },
    link.patience(12),
  );
  if (_shards.failed > 0) throw unavailable('away', `${_shards.failed} shards of the new index cannot be searched`);
  const { live } = await readIndices(link, names);
  await changeAliases(link, [
    removed(index, names.draft),
    ...live.map((old) => removed(old, names.live)),
    added(index, names.live),
  ]);
  await endNext(link, names, index);
  await deleteGivenUp(link, names);
}
