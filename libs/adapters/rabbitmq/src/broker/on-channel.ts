import type { Channel, ChannelModel } from 'amqplib';
import { brokerError } from './broker-error.ts';

/** Calls on a channel of their own, as a call that fails ends its channel. Errors: as `brokerError` says. */
export async function onChannel<T>(
  model: ChannelModel,
  doing: string,
  work: (channel: Channel) => Promise<T>,
): Promise<T> {
  try {
    const channel = await model.createChannel();
    channel.on('error', () => {});
    const result = await work(channel);
    await channel.close();
    return result;
  } catch (error) {
    throw brokerError(error, doing);
  }
}
