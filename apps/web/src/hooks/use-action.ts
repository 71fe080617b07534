import { useState } from 'react';
import { errorText } from '../i18n/index.ts';

export interface Action {
  busy: boolean;
  /** The error as text for the user; empty: none. */
  error: string;
  setError: (error: string) => void;
  /** Runs one action at a time. Resolves to whether it succeeded. */
  run: (action: () => Promise<unknown>) => Promise<boolean>;
}

/** The state of a button's action: whether it is running, and its error. */
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
