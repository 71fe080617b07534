import { kindOf, unavailable } from './faults.ts';
import type { Link } from './link.ts';
import type { Names } from './names.ts';
import type { Patience } from './patience.ts';

/** Which of our indices each alias points to. */
export interface Indices {
  all: readonly string[];
  live: readonly string[];
  next: readonly string[];
  drafts: readonly string[];
}

type AliasesAnswer = Readonly<Record<string, { aliases: Readonly<Record<string, unknown>> }>>;

export async function readIndices(link: Link, names: Names, patience?: Patience): Promise<Indices> {
  const answer = await link.request<AliasesAnswer>({ method: 'GET', path: `/${names.pattern}/_alias` }, patience);
  const all = Object.keys(answer);
  const having = (alias: string) => all.filter((index) => answer[index]?.aliases[alias] !== undefined);
  return { all, live: having(names.live), next: having(names.next), drafts: having(names.draft) };
}

/** The error of every place that misses the live alias. */
export function notSetUp({ live }: Names) {
  return unavailable('missing', `there is no alias ${live}: run "npx chasqui setup"`);
}

/** One step of a change of aliases. */
export type AliasAction =
  | { add: { index: string; alias: string; is_write_index?: boolean } }
  | { remove: { index: string; alias: string; must_exist: boolean } };

/** How long all nodes may take to learn of a change, seconds. */
const ACK_S = 30;
/** How long the master of a busy cluster may take for a change on all nodes, milliseconds. */
export const MASTER_MS = (2 * ACK_S + 1) * 1000;

/**
 * Applies all steps atomically; every node knows them when it resolves. One attempt only: a retry would not find what
 * it removes. Errors: `search_unavailable`; `missing` if an alias that must exist does not.
 */
export async function changeAliases(link: Link, actions: readonly AliasAction[]): Promise<void> {
  const query = { timeout: `${ACK_S}s`, master_timeout: `${ACK_S}s` };
  const answer = await link.attempt<{ acknowledged: boolean }>(
    { method: 'POST', path: '/_aliases', query, body: { actions } },
    MASTER_MS,
  );
  if (!answer.acknowledged) throw unavailable('away', `not every node knew the new aliases within ${ACK_S} s`);
}

export const added = (index: string, alias: string): AliasAction => ({
  // The master refuses a second write index of an alias.
  add: { index, alias, is_write_index: true },
});
export const removed = (index: string, alias: string): AliasAction => ({
  remove: { index, alias, must_exist: true },
});

/** The last step of a commit, for an index that is live. Another process may have done it. */
export async function endNext(link: Link, { next }: Names, index: string): Promise<void> {
  try {
    await changeAliases(link, [removed(index, next)]);
  } catch (error) {
    if (kindOf(error) !== 'missing') throw error;
  }
}
