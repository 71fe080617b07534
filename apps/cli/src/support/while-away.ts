import { setTimeout as pause } from 'node:timers/promises';
import { ImError } from '@chasqui/domain';

const TRIES = 10;
const PAUSE_MS = 1_000;

/** Asks a server again while it is away or busy. Errors: its refusal, or the last one. */
export async function whileAway<T>(ask: () => Promise<T>): Promise<T> {
  for (let tried = 1; ; tried++) {
    try {
      return await ask();
    } catch (error) {
      if (ImError.from(error).retry === 'never' || tried === TRIES) throw error;
      await pause(PAUSE_MS);
    }
  }
}
