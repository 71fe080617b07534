import type { Logger } from '@chasqui/kit';
import type { ChannelModel, ConfirmChannel, Message } from 'amqplib';

type Opened = Map<string, ConfirmChannel | Promise<ConfirmChannel>>;

/**
 * Messages of a channel that are late before it is given up. A broker slows a channel of which more than 32 wait
 * (`quorum_commands_soft_limit`), and stops reading from its connection some 400 later.
 */
const MAX_LATE = 16;

/**
 * The publisher's channels, each opened when it is first used, and again after it was closed. A broker stops taking
 * messages from a channel while one of its queues does not keep up, or has no leader: so what must not wait for one
 * another has channels of its own.
 */
export class Channels {
  readonly #logger: Logger;
  readonly #returned: (messageId: string) => void;
  readonly #of = new WeakMap<ChannelModel, Opened>();
  readonly #late = new WeakMap<ConfirmChannel, number>();

  /** `returned`: a message came back because no queue is bound. Its confirm follows. */
  constructor(logger: Logger, returned: (messageId: string) => void) {
    this.#logger = logger;
    this.#returned = returned;
  }

  /** Errors: the driver's. */
  of(model: ChannelModel, name: string): ConfirmChannel | Promise<ConfirmChannel> {
    const channels: Opened = this.#of.get(model) ?? new Map();
    this.#of.set(model, channels);
    const known = channels.get(name);
    if (known !== undefined) return known;
    const opening = this.#open(model, name, channels);
    channels.set(name, opening);
    return opening;
  }

  /**
   * The channel has taken a message that was not confirmed in time (1), or is confirmed after all (-1). One with too many
   * is closed, which refuses what waits in it; the next message gets a new one.
   */
  late(channel: ConfirmChannel, change: 1 | -1): void {
    const late = (this.#late.get(channel) ?? 0) + change;
    this.#late.set(channel, late);
    if (change < 0 || late !== MAX_LATE) return;
    this.#logger.warn({ late }, 'RabbitMQ confirms nothing on a channel of the publisher: opening another');
    channel.emit('given up');
    channel.close().catch(() => {});
  }

  async #open(model: ChannelModel, name: string, channels: Opened): Promise<ConfirmChannel> {
    try {
      const channel = await model.createConfirmChannel();
      channel.on('error', (error: Error) => {
        this.#logger.error({ err: error, channel: name }, 'RabbitMQ closed a channel of the publisher');
      });
      const forget = () => {
        if (channels.get(name) === channel) channels.delete(name);
      };
      channel.on('close', forget);
      channel.on('given up', forget);
      channel.on('return', ({ properties }: Message) => this.#returned(String(properties.messageId)));
      channels.set(name, channel);
      return channel;
    } catch (error) {
      channels.delete(name);
      throw error;
    }
  }
}
