import { useCallback, useEffect, useState } from 'react';

export interface Loaded<T> {
  /** Undefined: not there yet. */
  value: T | undefined;
  failed: boolean;
  load: () => Promise<void>;
  /** What a change has made of it. */
  set: (value: T) => void;
}

/** What `read` gives, while `wanted`; read anew each time that it becomes so. `read` must stay the same function. */
export function useLoaded<T>(read: () => Promise<T>, wanted = true): Loaded<T> {
  const [value, set] = useState<T>();
  const [failed, setFailed] = useState(false);
  const load = useCallback(async () => {
    try {
      set(await read());
      setFailed(false);
    } catch {
      setFailed(true);
    }
  }, [read]);
  useEffect(() => {
    if (wanted) void load();
  }, [load, wanted]);
  return { value, failed, load, set: (next) => set(() => next) };
}
