import type { Logger } from '@chasqui/kit';
import type { ChannelModel, ConfirmChannel, Message } from 'amqplib';

type Opened = Map<string, ConfirmChannel | Promise<ConfirmChannel>>;

/**
 * The publisher's channels, each opened when it is first used, and again after it was closed. A broker stops taking
 * messages from a channel while one of its queues does not keep up, or has no leader: so what must not wait for one
 * another has channels of its own.
 */
export class Channels {
  readonly #logger: Logger;
  readonly #returned: (messageId: string) => void;
  readonly #of = new WeakMap<ChannelModel, Opened>();

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

  async #open(model: ChannelModel, name: string, channels: Opened): Promise<ConfirmChannel> {
    try {
      const channel = await model.createConfirmChannel();
      channel.on('error', (error: Error) => {
        this.#logger.error({ err: error, channel: name }, 'RabbitMQ closed a channel of the publisher');
      });
      channel.on('close', () => void channels.delete(name));
      channel.on('return', ({ properties }: Message) => this.#returned(String(properties.messageId)));
      channels.set(name, channel);
      return channel;
    } catch (error) {
      channels.delete(name);
      throw error;
    }
  }
}
