import { serverError } from '../connection/server-error.ts';
import type { GroupEvents } from '../events.ts';
import { errorToWire, type WireError } from './wire-error.ts';

type Name = keyof GroupEvents;

/** An event with its name. */
export type NamedEvent<N extends Name = Name> = { [K in N]: { name: K; event: GroupEvents[K] } }[N];

interface WireErrors {
  error: WireError;
  storage: { error: WireError | undefined };
}

/** An event as the browser copies it from tab to tab. */
export type WireEvent =
  | NamedEvent<Exclude<Name, keyof WireErrors>>
  | { [K in keyof WireErrors]: { name: K; event: WireErrors[K] } }[keyof WireErrors];

const ALL = {
  state: true,
  message: true,
  update: true,
  retract: true,
  receipt: true,
  read: true,
  conversation_state: true,
  recall: true,
  edit: true,
  reactions: true,
  moment: true,
  synced: true,
  presence: true,
  typing: true,
  group: true,
  groups: true,
  notice: true,
  membership: true,
  readMark: true,
  kicked: true,
  storage: true,
  error: true,
} satisfies Record<Name, true>;

export const EVENT_NAMES = Object.keys(ALL) as Name[];

export function eventToWire(named: NamedEvent): WireEvent {
  const { name } = named;
  if (name === 'error') return { name, event: errorToWire(named.event) };
  if (name !== 'storage') return named;
  const { error } = named.event;
  return { name, event: { error: error && errorToWire(error) } };
}

export function eventFromWire(named: WireEvent): NamedEvent {
  const { name } = named;
  if (name === 'error') return { name, event: serverError(named.event) };
  if (name !== 'storage') return named;
  const { error } = named.event;
  return { name, event: { error: error && serverError(error) } };
}
