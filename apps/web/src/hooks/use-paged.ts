import { useCallback, useEffect, useRef, useState } from 'react';
import { errorText } from '../i18n/index.ts';

export interface ItemsPage<T> {
  items: readonly T[];
  nextCursor?: string | undefined;
}

export interface Paged<T> {
  /** Undefined: not loaded yet. */
  items: readonly T[] | undefined;
  /** The error as text for the user; empty: none. */
  error: string;
  /** Loads the next page; absent on the last one. */
  more?: () => void;
  /** Begins again at the first page. */
  reload: () => Promise<void>;
}

/** A list that is loaded page by page. `read` must stay the same function while the list stays the same. */
export function usePaged<T>(read: (cursor?: string) => Promise<ItemsPage<T>>): Paged<T> {
  const [{ items, nextCursor }, setPage] = useState<Partial<ItemsPage<T>>>({});
  const [error, setError] = useState('');
  /** Answers to earlier requests are passed over. */
  const latest = useRef(0);
  const load = useCallback(
    async (cursor?: string) => {
      const turn = ++latest.current;
      try {
        const page = await read(cursor);
        if (turn !== latest.current) return;
        setPage((old) => ({
          ...page,
          items: cursor === undefined ? page.items : [...(old.items ?? []), ...page.items],
        }));
        setError('');
      } catch (cause) {
        if (turn === latest.current) setError(errorText(cause));
      }
    },
    [read],
  );
  useEffect(() => void load(), [load]);
  const paged = { items, error, reload: () => load() };
  return nextCursor === undefined ? paged : { ...paged, more: () => void load(nextCursor) };
}
