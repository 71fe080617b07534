import { DEFAULT_LIMITS } from '@chasqui/domain';
import { type Engines, MOVED_KINDS, type MovedKind, type MovedRow } from '@chasqui/ports';
import { DigestWriter, messageRow, type RowsDigest } from './digest.ts';

/** What a move needs of an installation. */
export type MovingEngines = Pick<Engines, 'movable' | 'messages' | 'sweeps' | 'bus' | 'nodes'>;

/** Messages are moved between message stores, everything else between the stores. */
export type MovedPart = MovedKind | 'messages';

/** Messages go last: the other rows are few beside them. */
export const MOVED_PARTS = [...(Object.keys(MOVED_KINDS) as MovedKind[]), 'messages'] as const;

const PAGE = 1_000;
const DAY_MS = 24 * 3600 * 1000;

/** Copies a page; returns how many rows it has, and where the next one begins: null behind the last. */
export async function copyPage(
  { from, to }: { from: MovingEngines; to: MovingEngines },
  part: MovedPart,
  cursor: string | null,
): Promise<{ rows: number; cursor: string | null }> {
  if (part === 'messages') {
    const page = await from.messages.scan(cursor, PAGE);
    await to.messages.restore(page.messages);
    return { rows: page.messages.length, cursor: page.cursor };
  }
  const page = await from.movable.page(part, cursor, PAGE);
  await to.movable.put(part, page.rows);
  return { rows: page.rows.length, cursor: page.cursor };
}

/**
 * Reads all rows of a part. `now`: first recordings that are to be forgotten within a day do not count, as each store
 * forgets them at its own time.
 */
export async function digestOf(
  { movable, messages }: MovingEngines,
  ...[part, now, tell]: [part: MovedPart, now: number, tell: (rows: number) => void]
): Promise<RowsDigest> {
  const digester = new DigestWriter();
  const forgotten = now - DEFAULT_LIMITS.dedupWindowMs + DAY_MS;
  const counts = (row: MovedRow) => part !== 'first_recordings' || (row.at(-1) as number) >= forgotten;
  for (let cursor: string | null = null; ; ) {
    const page: { rows: MovedRow[]; cursor: string | null } =
      part === 'messages' ? rowsOf(await messages.scan(cursor, PAGE)) : await movable.page(part, cursor, PAGE);
    for (const row of page.rows) if (counts(row)) digester.add(row);
    tell(digester.result.rows);
    cursor = page.cursor;
    if (cursor === null) return digester.result;
  }
}

function rowsOf({ messages, cursor }: Awaited<ReturnType<MovingEngines['messages']['scan']>>) {
  return { rows: messages.map(messageRow), cursor };
}

/** The first part with a row; undefined: there is none. */
export async function firstFilled({ movable, messages }: MovingEngines): Promise<MovedPart | undefined> {
  for (const part of MOVED_PARTS) {
    const page = part === 'messages' ? rowsOf(await messages.scan(null, 1)) : await movable.page(part, null, 1);
    if (page.rows.length > 0) return part;
  }
  return undefined;
}
