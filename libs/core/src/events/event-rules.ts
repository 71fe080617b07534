import { type SchemaCheck, schemaCheck } from '@chasqui/protocol';

/**
 * A consumer's verdict on a value from the bus. `newer`: its type or format is unknown to this version, so a newer
 * version wrote it. `fault`: why no version can ever handle it. Handlers rely on sound values: any other value would
 * fail in them on every retry.
 */
export type EventVerdict = 'sound' | 'newer' | { fault: string };

/** A consumer's knowledge of its topic's events. */
export interface EventRules<Event> {
  verdictOf(value: unknown): EventVerdict;
  /** Decodes a sound value. `text`: its JSON. Absent: the value is the event. */
  eventOf?(value: unknown, text: () => string): Event;
  /**
   * How long, in ms after its publish, a newer event holds its shard: about the duration of an upgrade of the
   * consumers. The event keeps its order if a process that knows it starts within that time. Absent: the topic's events
   * have no order.
   */
  holdMs?: number;
}

export interface KnownType {
  newest: number;
  check: SchemaCheck;
  /** Whether the event's user is a participant of its conversation: the stores rely on it. */
  belongs(event: object): boolean;
}

export function known<Event extends object>(
  schema: { properties: { v: object } },
  belongs: (event: Event) => boolean = () => true,
): KnownType {
  const { maximum: newest = 1 } = schema.properties.v as { maximum?: number };
  return { newest, check: schemaCheck(schema), belongs: belongs as KnownType['belongs'] };
}

/** `unnamed`: the type of events that have no `type` field. Absent: every event must have one. */
export function rulesOf<Event>(types: { readonly [type: string]: KnownType }, unnamed?: KnownType): EventRules<Event> {
  const byName = new Map(Object.entries(types));
  return {
    verdictOf(value) {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return { fault: 'not an object' };
      const { type: name, v } = value as { type?: unknown; v?: unknown };
      const type = name === undefined ? unnamed : byName.get(name as string);
      if (type === undefined) return typeof name === 'string' ? 'newer' : { fault: 'type is missing or no string' };
      if (v !== undefined && Number.isSafeInteger(v) && (v as number) > type.newest) return 'newer';
      const fault = type.check(value);
      const prefix = name === undefined ? '' : `${name}: `;
      if (fault !== null) return { fault: `${prefix}${fault.field || 'it'} ${fault.message}` };
      return type.belongs(value) ? 'sound' : { fault: `${prefix}not of this conversation` };
    },
  };
}
