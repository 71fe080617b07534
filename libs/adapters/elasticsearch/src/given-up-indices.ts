import { changeAliases, type Indices, MASTER_MS, readIndices, removed } from './indices.ts';
import type { Link } from './link.ts';
import type { Names } from './names.ts';

/** Never fails: the next rebuild removes what is left. */
export async function giveUp(link: Link, names: Names, index: string): Promise<void> {
  try {
    const { drafts, next, live } = await readIndices(link, names);
    if (live.includes(index)) return;
    await changeAliases(link, [
      ...(drafts.includes(index) ? [removed(index, names.draft)] : []),
      ...(next.includes(index) ? [removed(index, names.next)] : []),
    ]);
    await deleteGivenUp(link, names);
  } catch {
    // The engine is away, or another rebuild was faster.
  }
}

/** Deletes indices that can never become live. Never fails: the next rebuild deletes what is left. */
export async function deleteGivenUp(link: Link, names: Names): Promise<void> {
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
