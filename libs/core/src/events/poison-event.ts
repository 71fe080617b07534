import { joinEvents } from './bus-body.ts';

/**
 * An event that fails permanently, on its way to the dead letters in a bus message of its own. `event` is the original.
 */
export interface PoisonEvent {
  /** The reason, without a stack. */
  unprocessable: string;
  event: unknown;
}

export function isPoisonEvent(value: unknown): value is PoisonEvent {
  return typeof value === 'object' && value !== null && 'unprocessable' in value && 'event' in value;
}

/** The body of the bus message. `event`: the JSON text of the original event. */
export function poisonEventBody(reason: string, event: string): string {
  return joinEvents([`{"unprocessable":${JSON.stringify(reason)},"event":${event}}`]);
}
