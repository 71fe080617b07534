import { defined } from '@chasqui/domain';
import { sleep } from '@chasqui/kit';
import type { SearchRebuild } from '@chasqui/ports';
import { type Destination, writeBulk } from './bulk-writer.ts';
import { kindOf, unavailable } from './faults.ts';
import { DEFINITION_VERSION } from './index-definition.ts';
import { added, changeAliases, endNext, type Indices, MASTER_MS, notSetUp, readIndices, removed } from './indices.ts';
import type { Link } from './link.ts';
import type { Names } from './names.ts';
import { indexOperation } from './operations.ts';
import { interrupted, mappingsOf, writeMeta } from './progress.ts';
import { TARGETS_MAX_AGE_MS } from './targets.ts';

/** Beyond the age of what writers know: for clocks that do not run quite alike. */
const MARGIN_MS = 250;
/** Other rebuilds may begin or end between a look and a change, which is then refused. */
const TRIES = 5;

/**
 * Builds an index beside the live one, or goes on with one whose rebuild was interrupted. Any other rebuild that was not
 * committed, abandoned or not, ends by this.
 *
 * Nothing that is written meanwhile may be missing from the new index, also what other processes write. So it is made
 * known by an alias, and the rebuild begins to be filled only when every write that begins goes to it too: writers look
 * at least every TARGETS_MAX_AGE_MS. What was written before that is in the message store by the time it is read.
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
      // Where it cannot be noted now, the time tells that it was given up.
      if (resume && cursor !== undefined) await note(0).catch(() => {});
      else await giveUp(link, names, index);
    },
  };
}

/** An index that every write goes to, too, and that holds nothing of before. */
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

/** Its version is its program's own, whatever the template's is: setup may not have run yet. */
async function createDraft(link: Link, { draft }: Names, index: string, resumable: boolean): Promise<void> {
  const meta = { version: DEFINITION_VERSION, notedAt: link.clock.now(), resumable };
  const body = { aliases: { [draft]: {} }, ...mappingsOf(meta) };
  await link.attempt({ method: 'PUT', path: `/${index}`, body }, MASTER_MS);
}

/** From now on new writes go to the index too. Others that were being built are given up in the same step. */
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
 * Swaps the indices. The new one stays `next` until every node knows that it is live: until then a write may be sent on by
 * a node that still takes the old one for live, and must reach the new one by its other name.
 */
async function makeLive(link: Link, names: Names, index: string): Promise<void> {
  // Of an index that was filled just now: it may take its time.
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

/** Never fails: what it leaves behind, the next rebuild removes. */
async function giveUp(link: Link, names: Names, index: string): Promise<void> {
  try {
    const { drafts, next, live } = await readIndices(link, names);
    if (live.includes(index)) return;
    await changeAliases(link, [
      ...(drafts.includes(index) ? [removed(index, names.draft)] : []),
      ...(next.includes(index) ? [removed(index, names.next)] : []),
    ]);
    await deleteGivenUp(link, names);
  } catch {
    // The engine is away, or another rebuild has been quicker.
  }
}

/** Deletes what can never become live again. Never fails: what it leaves behind, the next rebuild deletes. */
async function deleteGivenUp(link: Link, names: Names): Promise<void> {
  try {
    for (const index of givenUp(await readIndices(link, names))) {
      await link.attempt({ method: 'DELETE', path: `/${index}`, query: { ignore_unavailable: true } }, MASTER_MS);
    }
  } catch {
    // The engine is away or busy.
  }
}

function givenUp({ all, live, drafts }: Indices): string[] {
  return all.filter((index) => !live.includes(index) && !drafts.includes(index));
}
