import { joinEvents } from './bus-body.ts';

/**
 * An event that was found to fail for ever, on its way to the dead letters as a bus message of its own. `event` is what it
 * was.
 */
export interface PoisonEvent {
  /** Why, without a stack. */
  unprocessable: string;
  event: unknown;
}

export function isPoisonEvent(value: unknown): value is PoisonEvent {
  return typeof value === 'object' && value !== null && 'unprocessable' in value && 'event' in value;
}

/** The body of its bus message. `event`: its JSON text. */
export function poisonEventBody(reason: string, event: string): string {
  return joinEvents([`{"unprocessable":${JSON.stringify(reason)},"event":${event}}`]);
}
