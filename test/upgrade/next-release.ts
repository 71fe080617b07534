import { Business, type BusinessOptions } from '@chasqui/app-business/core';
import { decodeEvents, joinEvents } from '@chasqui/core';
import type { ConversationEvent, MessageEvent } from '@chasqui/domain';
import type { ConsumeOptions } from '@chasqui/ports';

/** What a later release writes: an event of a type that this version does not know, with others in it. */
export interface Several {
  type: 'several';
  conversationId: string;
  events: ConversationEvent[];
}

/** And a message in a format that it does not know. */
export interface PackedMessage extends Omit<MessageEvent, 'message'> {
  v: 2;
  packed: MessageEvent['message'];
}

export function several(conversationId: string, events: ConversationEvent[]): Several {
  return { type: 'several', conversationId, events };
}

export function packed({ message, ...event }: MessageEvent): PackedMessage & { conversationId: string } {
  return { ...event, v: 2, packed: message, conversationId: message.conversationId };
}

/** Starts this Business as a later release that knows both: they are put into the words of this one before it sees them. */
export function nextRelease({ engines, ...options }: BusinessOptions): AsyncDisposable {
  const { bus } = engines;
  const consume = ({ handle, ...rest }: ConsumeOptions) =>
    bus.consume({
      ...rest,
      handle: (batch) => handle(batch.map((delivery) => ({ ...delivery, body: known(delivery.body) }))),
    });
  const knowing = new Proxy(bus, { get: (target, name) => (name === 'consume' ? consume : Reflect.get(target, name)) });
  return new Business({ ...options, engines: { ...engines, bus: knowing } });
}

function known(body: string): string {
  const events = (decodeEvents(body) as (ConversationEvent | Several | PackedMessage)[]).flatMap((event) => {
    if (event.type === 'several') return event.events;
    if (!('packed' in event)) return event;
    const { packed: message, v: _, ...rest } = event;
    return { ...rest, message };
  });
  return joinEvents(events.map((event) => JSON.stringify(event)));
}
