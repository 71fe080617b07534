import { Business, type BusinessOptions } from '@chasqui/app-business/core';
import { ATTACHMENTS_FORMAT, decodeEvents, joinEvents } from '@chasqui/core';
import type { ConsumeOptions } from '@chasqui/ports';

/** The JSON value of an event, as published on the bus. */
export interface EventValue {
  type: string;
  [field: string]: unknown;
}

/** An event that a later release writes: of a type that this version does not know, with other events inside. */
export function several(conversationId: string, events: EventValue[]): EventValue {
  return { type: 'several', conversationId, events };
}

/** A message in a format that this version does not know. */
export function packed({ message, ...event }: EventValue): EventValue {
  return { ...event, v: ATTACHMENTS_FORMAT + 1, packed: message };
}

/** Starts this Business as a later release that knows both: they are translated before this version reads them. */
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
  const events = (decodeEvents(body) as EventValue[]).flatMap((event) => {
    if (event.type === 'several') return event.events as EventValue[];
    if (!('packed' in event)) return event;
    const { packed: message, v: _, ...rest } = event;
    return { ...rest, message };
  });
  return joinEvents(events.map((event) => JSON.stringify(event)));
}
