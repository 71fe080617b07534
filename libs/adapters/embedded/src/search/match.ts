import type { SearchTerm } from '@chasqui/domain';
import type { Postings } from './index/postings.ts';
import { difference, intersection, NONE, union } from './index/sets.ts';

/** What documents must have: one name of each scope, and all terms. */
export interface Wanted {
  scopes: readonly (readonly string[])[];
  terms: readonly SearchTerm[];
}

/** Names of logs and conversations are words that no query has. */
export function wordOfName(name: string): string {
  return `\0${name}`;
}

/** Asks for lists whose union is wanted. */
type Asked = () => Uint32Array[];

function ofScopes(postings: Postings, { scopes }: Wanted): Asked[] {
  return scopes.map((words) => () => postings.holding(words));
}

/** The documents that have every term as it is. */
export function exactMatches(postings: Postings, wanted: Wanted): Uint32Array {
  const ofTerms = wanted.terms.map(({ exact }): Asked => {
    return () => postings.holding([exact]);
  });
  return allOf([...ofScopes(postings, wanted), ...ofTerms], postings.size);
}

/** The documents that have every term in one of its other forms, or as the beginning of a word. */
export function foldedMatches(postings: Postings, wanted: Wanted): Uint32Array {
  const ofTerms = wanted.terms.map(({ tokens, beginnings }): Asked => {
    // What begins with a word includes the word.
    const others = beginnings.length > 0 ? tokens.filter((token) => !beginnings.includes(token)) : tokens;
    return () => [...postings.holding(others), ...beginnings.flatMap((start) => postings.beginning(start))];
  });
  const found = allOf([...ofScopes(postings, wanted), ...ofTerms], postings.size);
  return found.length === 0 ? found : difference(found, exactMatches(postings, wanted));
}

/** Documents that are in each of these unions. The first that is empty is the last that is asked. */
function allOf(unions: readonly Asked[], size: number): Uint32Array {
  const lists: Uint32Array[] = [];
  for (const listsOf of unions) {
    const list = union(listsOf(), size);
    if (list.length === 0) return NONE;
    lists.push(list);
  }
  return intersection(lists);
}
