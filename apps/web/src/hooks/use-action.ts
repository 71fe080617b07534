import { useState } from 'react';
import { errorText } from '../i18n/index.ts';

export interface Action {
  busy: boolean;
  /** For people; empty: none. */
  error: string;
  setError: (error: string) => void;
  /** Runs one at a time. Resolves to whether it worked. */
  run: (action: () => Promise<unknown>) => Promise<boolean>;
}

/** What a button starts: while it runs, and what went wrong with it. */
export function useAction(): Action {
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState('');
  async function run(action: () => Promise<unknown>): Promise<boolean> {
    setBusy(true);
    setError('');
    try {
      await action();
      return true;
    } catch (cause) {
      setError(errorText(cause));
      return false;
    } finally {
      setBusy(false);
    }
  }
  return { busy, error, setError, run };
}
