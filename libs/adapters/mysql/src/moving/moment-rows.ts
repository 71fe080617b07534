import type { MovedPage, MovedRow } from '@chasqui/ports';
import type { Database, Statement } from '../engine/index.ts';

const COLUMNS = `moment_id, author_id, client_moment_id, body, is_chosen, pictures, at, likes, likers, comments`;
const PAGE = `SELECT ${COLUMNS} FROM moments WHERE moment_id > ? ORDER BY moment_id LIMIT ?`;
const VIEWERS = 'SELECT moment_id, user_id FROM moment_viewers WHERE moment_id IN (?) ORDER BY moment_id, place';
const CHOSEN = 4;

/** Moments, each with the list of those who may see it: null for all contacts. */
export async function pageOfMoments(database: Database, cursor: string | null, limit: number): Promise<MovedPage> {
  const { rows } = await database.run({ sql: PAGE, values: [cursor ?? '', limit] });
  const ids = rows.map(([id]) => id as string);
  const found = ids.length === 0 ? [] : (await database.run({ sql: VIEWERS, values: [ids] })).rows;
  const viewers = Map.groupBy(found as [string, string][], ([id]) => id);
  return {
    rows: rows.map((row): MovedRow => {
      const chosen = (viewers.get(row[0] as string) ?? []).map(([, user]) => user);
      return row.with(CHOSEN, row[CHOSEN] === 1 ? JSON.stringify(chosen) : null);
    }),
    cursor: rows.length < limit ? null : (ids.at(-1) ?? null),
  };
}

/** In this order, in one transaction. */
export function putMoments(rows: readonly MovedRow[]): Statement[] {
  const moments = rows.map((row) => row.with(CHOSEN, row[CHOSEN] === null ? 0 : 1));
  const viewers = rows.flatMap((row) =>
    (JSON.parse((row[CHOSEN] as string | null) ?? '[]') as string[]).map((user, place) => [row[0] ?? '', place, user]),
  );
  const sql = 'REPLACE INTO moment_viewers (moment_id, place, user_id) VALUES ?';
  return [
    { sql: 'DELETE FROM moment_viewers WHERE moment_id IN (?)', values: [rows.map(([id]) => id ?? '')] },
    { sql: `REPLACE INTO moments (${COLUMNS}) VALUES ?`, values: [moments] },
    ...(viewers.length === 0 ? [] : [{ sql, values: [viewers] }]),
  ];
}
