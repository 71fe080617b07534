import { type DeliveryRouter, DISABLED_MESSAGE } from '@chasqui/core';
import type { Clock, DevicePresence, UserId } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { DeviceStore, Presence, RevocationStore } from '@chasqui/ports';
import { CLOSE_CODES, type CloseReason, encodeServerFrame, type ServerFrame } from '@chasqui/protocol';

export interface SessionEnderOptions {
  devices: DeviceStore;
  revocations: RevocationStore;
  presence: Presence;
  router: Pick<DeliveryRouter, 'route'>;
  clock: Clock;
  logger: Logger;
}

/**
 * The frame that ended sessions get, and the code that closes their connections: `kicked`, or the refusal itself if the
 * user may not return.
 */
const ENDINGS = {
  logged_out: { type: 'kicked', reason: 'logged_out' },
  user_disabled: {
    type: 'error',
    code: 'user_disabled',
    message: DISABLED_MESSAGE,
    retry: 'never',
  },
} as const satisfies { [reason in CloseReason]?: ServerFrame };

/**
 * Ends sessions before their tokens expire: the cut-off first, so that old tokens are refused, then push registrations,
 * then connections. If a session cannot be reached, as presence or its node is away, its node ends it when it checks
 * its sessions again. Errors: `store_unavailable`.
 */
export class SessionEnder {
  readonly #options: SessionEnderOptions;
  /**
   * Unix ms of the latest cut-off, used for tokens without a generation. It never goes back with the machine's clock.
   */
  #latest = 0;

  constructor(options: SessionEnderOptions) {
    this.#options = options;
  }

  async endDevice(userId: UserId, deviceId: string): Promise<void> {
    const { devices, revocations } = this.#options;
    await revocations.revoke({ userId, deviceId, issuedBefore: this.#now() });
    await devices.forget(userId, deviceId);
    await this.#kick(userId, (entry) => entry.deviceId === deviceId, 'logged_out');
  }

  /** Ends all sessions, or all except one device's connection; that device's older tokens end too. */
  async endAll(userId: UserId, kept?: string, ending: keyof typeof ENDINGS = 'logged_out'): Promise<void> {
    const { devices, revocations } = this.#options;
    await revocations.revoke({ userId, issuedBefore: this.#now() });
    const [known = []] = await devices.list([userId]);
    const others = known.filter(({ deviceId }) => deviceId !== kept);
    await Promise.all(others.map(({ deviceId }) => devices.forget(userId, deviceId)));
    await this.#kick(userId, ({ deviceId }) => deviceId !== kept, ending);
  }

  #now(): number {
    this.#latest = Math.max(this.#latest, this.#options.clock.now());
    return this.#latest;
  }

  async #kick(
    userId: UserId,
    isMeant: (entry: DevicePresence) => boolean,
    ending: keyof typeof ENDINGS,
  ): Promise<void> {
    const { presence, router, logger } = this.#options;
    const frame = encodeServerFrame(ENDINGS[ending]);
    try {
      const [entries = []] = await presence.lookup([userId]);
      await router.route(
        entries.filter(isMeant).map(({ nodeId, sessionId }) => ({
          userId,
          nodeId,
          onlySession: sessionId,
          frame,
          closeCode: CLOSE_CODES[ending],
        })),
      );
    } catch (error) {
      logger.warn({ err: error }, 'sessions have ended, but their connections could not be closed');
    }
  }
}
