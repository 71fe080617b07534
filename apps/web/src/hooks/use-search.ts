import type { ConversationId } from '@chasqui/domain';
import { useEffect, useState } from 'react';
import type { SearchHit, SearchPage } from '../api-bodies.ts';
import { errorText } from '../i18n/index.ts';
import { useMessenger } from './use-messenger.ts';

export interface Search {
  hits: readonly SearchHit[];
  status: 'searching' | 'ready' | 'failed';
  /** The error as text for the user. */
  error?: string;
  /** Loads the next page; absent on the last one. */
  more?: () => void;
}

/** The query is sent when the user has stopped typing for this long. */
const PAUSE_MS = 250;
/** Hits kept on the page. Beyond: the user needs a narrower query. */
const MAX_HITS = 300;

/** The server's hits for a query, in all conversations or in one. */
export function useSearch(query: string, conversationId: ConversationId | undefined): Search {
  const { api } = useMessenger();
  const [result, setResult] = useState<SearchPage & Pick<Search, 'status' | 'error'>>({
    hits: [],
    status: 'searching',
  });
  useEffect(() => {
    let current = true;
    setResult((old) => ({ ...old, status: 'searching' }));
    const timer = setTimeout(() => {
      api.search(query, { conversationId }).then(
        (page) => current && setResult({ ...page, status: 'ready' }),
        (cause) => current && setResult({ hits: [], status: 'failed', error: errorText(cause) }),
      );
    }, PAUSE_MS);
    return () => {
      current = false;
      clearTimeout(timer);
    };
  }, [api, query, conversationId]);
  const { nextBefore, ...found } = result;
  if (nextBefore === undefined || found.hits.length >= MAX_HITS) return found;
  const more = () => {
    api.search(query, { conversationId, before: nextBefore }).then(
      ({ hits: older, ...page }) =>
        setResult((old) => (old === result ? { ...page, hits: [...old.hits, ...older], status: 'ready' } : old)),
      (cause) => setResult((old) => (old === result ? { ...old, status: 'failed', error: errorText(cause) } : old)),
    );
  };
  return { ...found, more };
}
