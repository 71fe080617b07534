import type { ConversationId } from '@chasqui/domain';
import { useEffect, useState } from 'react';
import type { SearchHit, SearchPage } from '../api-bodies.ts';
import { useMessenger } from './use-messenger.ts';

export interface Search {
  hits: readonly SearchHit[];
  status: 'searching' | 'ready' | 'failed';
  /** Loads the next page; absent on the last one. */
  more?: () => void;
}

/** The writer of a query pauses this long before it is asked. */
const PAUSE_MS = 250;
/** Hits kept on the page. Beyond: a narrower query is needed. */
const MAX_HITS = 300;

/** What the server finds for a query, in all conversations or in one. */
export function useSearch(query: string, conversationId: ConversationId | undefined): Search {
  const { api } = useMessenger();
  const [result, setResult] = useState<SearchPage & { status: Search['status'] }>({ hits: [], status: 'searching' });
  useEffect(() => {
    let current = true;
    setResult((old) => ({ ...old, status: 'searching' }));
    const timer = setTimeout(() => {
      api.search(query, { conversationId }).then(
        (page) => current && setResult({ ...page, status: 'ready' }),
        () => current && setResult({ hits: [], status: 'failed' }),
      );
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [api, query, conversationId]);
  const { hits, status, nextBefore } = result;
  if (nextBefore === undefined || hits.length >= MAX_HITS) return { hits, status };
  const more = () => {
    api.search(query, { conversationId, before: nextBefore }).then(
      ({ hits: older, ...page }) =>
        setResult((old) => (old === result ? { ...page, hits: [...old.hits, ...older], status: 'ready' } : old)),
      () => setResult((old) => (old === result ? { ...old, status: 'failed' } : old)),
    );
  };
  return { hits, status, more };
}
