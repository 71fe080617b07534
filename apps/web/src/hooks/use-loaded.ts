import { useCallback, useEffect, useState } from 'react';

export interface Loaded<T> {
  /** Undefined: not loaded yet. */
  value: T | undefined;
  failed: boolean;
  load: () => Promise<void>;
  /** Sets the value after a change. */
  set: (value: T) => void;
}

/**
 * The result of `read`, while `wanted`; reloaded each time that `wanted` becomes true. `read` must stay the same
 * function.
 */
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
