import { DEFINITION_VERSION } from './index-definition.ts';
import { notSetUp, readIndices } from './indices.ts';
import type { Link } from './link.ts';
import type { Names } from './names.ts';

/** A rebuild that has recorded no progress for this long was abandoned, milliseconds: its process may have died. */
const GIVEN_UP_MS = 60_000;

/** The state of an index, kept in its mapping. */
export interface IndexMeta {
  /** DEFINITION_VERSION of the program that made it. */
  version: number;
  /** When its rebuild last recorded progress, Unix ms. 0: interrupted. Absent: it is not being built. */
  notedAt?: number;
  /** Another rebuild may continue it. */
  resumable?: boolean;
  /** The rebuild's cursor in the message store. Absent: not started. */
  cursor?: string;
}

type Mappings = Readonly<Record<string, { mappings: { _meta?: IndexMeta } }>>;

/** The part of a request body that creates an index with this `_meta`. */
export function mappingsOf(meta: IndexMeta) {
  return { mappings: { _meta: meta } };
}

/** The state of each of our indices. */
async function readMetas(link: Link, names: Names): Promise<ReadonlyMap<string, IndexMeta>> {
  const answer = await link.request<Mappings>({ method: 'GET', path: `/${names.pattern}/_mapping` });
  return new Map(Object.entries(answer).map(([index, { mappings }]) => [index, mappings._meta ?? { version: 0 }]));
}

/** Changes the cluster's state, which is expensive: not to be called for each page. */
export async function writeMeta(link: Link, index: string, meta: IndexMeta): Promise<void> {
  await link.request({ method: 'PUT', path: `/${index}/_mapping`, body: { _meta: meta } }, link.patience(6));
}

/**
 * Whether the live index has another version and no rebuild to this version is running. Errors: `search_unavailable`.
 */
export async function isRebuildDue(link: Link, names: Names): Promise<boolean> {
  const metas = await readMetas(link, names);
  const { live, drafts } = await readIndices(link, names);
  if (live.length === 0) throw notSetUp(names);
  if (live.every((index) => metas.get(index)?.version === DEFINITION_VERSION)) return false;
  const isBuilding = ({ version, notedAt = 0 }: IndexMeta) =>
    version === DEFINITION_VERSION && Math.abs(link.clock.now() - notedAt) < GIVEN_UP_MS;
  return !drafts.some((index) => isBuilding(metas.get(index) ?? { version: 0 }));
}

/**
 * An index whose rebuild was interrupted, and its cursor. Every write since it was created has gone to it. Null: none.
 */
export async function interrupted(link: Link, names: Names): Promise<{ index: string; cursor: string } | null> {
  const metas = await readMetas(link, names);
  const { drafts, next } = await readIndices(link, names);
  for (const index of drafts.filter((one) => next.includes(one))) {
    const { version, resumable = false, cursor } = metas.get(index) ?? { version: 0 };
    if (version === DEFINITION_VERSION && resumable && cursor !== undefined) return { index, cursor };
  }
  return null;
}
