import { type Clock, type DeviceSeen, ImError } from '@chasqui/domain';
import { Batcher, type Logger } from '@chasqui/kit';
import type { DeviceStore } from '@chasqui/ports';
import type { Session } from './session.ts';

const MAX_BATCH = 500;
/** How many notes may wait (C16). Beyond it they are dropped, as the next log-in makes another. */
const MAX_WAITING = 20_000;

/** Writes to the store which devices were seen and when. Nothing waits for it or depends on it (C11). */
export class DeviceNotes {
  readonly #clock: Clock;
  readonly #notes: Batcher<DeviceSeen, undefined>;
  readonly #logger: Logger;

  constructor({ devices, clock, logger }: { devices: Pick<DeviceStore, 'seen'>; clock: Clock; logger: Logger }) {
    this.#clock = clock;
    this.#logger = logger;
    this.#notes = new Batcher({
      maxItems: MAX_BATCH,
      maxWaiting: MAX_WAITING,
      full: () => new ImError('overloaded', 'too many devices wait to be recorded as seen'),
      run: async (seen) => {
        await devices.seen(seen);
        return seen.map(() => undefined);
      },
    });
  }

  seen({ userId, deviceId, platform }: Session): void {
    const at = this.#clock.now();
    this.#notes.add({ userId, deviceId, platform, at }).catch((error) => {
      this.#logger.debug({ err: error }, 'a device could not be recorded as seen');
    });
  }
}
