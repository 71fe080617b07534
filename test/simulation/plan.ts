import type { Mentions } from '@chasqui/domain';
import type { AskedChange } from '../../apps/api/src/groups/group-changes.ts';
import type { MachineName } from './engines.ts';
import type { MachineState } from './machine.ts';
import type { LinkFault } from './peer-network.ts';

/** A conversation, as a user of it names it. */
type Where = { peer: string } | { group: string };

/** Events of a device, actions of its user, and faults. A step that takes time ends by itself. */
export type Action =
  | { do: 'send'; device: string; to: string; count: number }
  | { do: 'read' | 'recall'; device: string; peer: string }
  /** To a group. */
  | { do: 'post'; device: string; group: string; count: number; mentions?: Mentions }
  /** Reads a group, or takes back a message there: the last own one, or (as an admin) the last of anybody. */
  | { do: 'read-group' | 'take-back' | 'take-back-any'; device: string; group: string }
  /** Reacts to the last message but `back` of a conversation. */
  | ({ do: 'react'; device: string; back: number; emoji: string; on: boolean } & Where)
  /** Edits the last own message but `back` of a conversation. */
  | ({ do: 'edit'; device: string; back: number; mentions?: readonly string[] } & Where)
  /** Hides the last message but `back` of a conversation from its user. */
  | ({ do: 'hide'; device: string; back: number } & Where)
  /** Forwards the last message but `back` of a conversation; `isUnseen`: one of all that were written, wherever. */
  | ({ do: 'forward'; device: string; back: number; to: string; withOrigin: boolean; isUnseen: boolean } & Where)
  | { do: 'change'; by: string; asked: AskedChange }
  /** The user answers each message as soon as the device shows it, on this device. */
  | { do: 'answer'; device: string; forMs: number }
  /** The user repeatedly sends to another user from all devices at once. */
  | { do: 'together'; user: string; to: string; count: number }
  /** The user reads the unread counts, over HTTP. */
  | { do: 'count'; device: string }
  /** A client without the library sends a message, possibly repeated or with another text. */
  | { do: 'blurt'; clientMessageId: string; to: string; text: string; place: string; times: number }
  /** The program is started, killed, or closed by its user; the network disconnects and reconnects. */
  | { do: 'start' | 'kill' | 'close' | 'unplug' | 'plug'; device: string }
  /** Its sockets become silent: neither end gets an event. */
  | { do: 'cut'; device: string }
  | { do: 'slow'; device: string; msPerByte: number }
  | { do: 'suspend'; device: string; forMs: number }
  /** `silently`: the machine fails with its process, so that no socket is closed. */
  | { do: 'crash'; place: string; downMs: number; silently: boolean }
  /** The process dies at one of its next calls. */
  | { do: 'doom'; place: string; calls: number; when: 'before' | 'after'; downMs: number }
  | { do: 'drain'; place: string; downMs: number }
  | { do: 'freeze'; place: string; forMs: number }
  | { do: 'slowdown'; place: string; times: number; forMs: number }
  | { do: 'clock'; place: string; skewMs: number }
  | { do: 'outage'; machine: MachineName; state: Exclude<MachineState, 'up'>; forMs: number }
  | { do: 'glitch'; machine: MachineName; kind: 'before' | 'after'; count: number }
  | { do: 'empty' | 'forget-hints' }
  | { do: 'part'; from: string; to: string; fault: LinkFault; forMs: number }
  | { do: 'duplicate'; rate: number; forMs: number };

/** `at`: ms from the start. */
export type Step = Action & { at: number };

/** A run as a list of steps; any subset of them is a valid run too. */
export interface Plan {
  seed: number;
  /** The groups that the steps make; absent: only direct messages are sent. */
  groups?: string[];
  /** Users hide messages: there is an API that does it, and the lives of messages are judged. */
  life?: boolean;
  users: { user: string; devices: string[] }[];
  steps: Step[];
  /** The duration of the steps, in ms. */
  lastsMs: number;
}

export const CONNECT_PLACES = ['connect-1', 'connect-2', 'connect-3'] as const;
export const BUSINESS_PLACES = ['business-1', 'business-2'] as const;
export const DATASYNC_PLACES = ['datasync-1'] as const;
/** The place of the HTTP API, of which only the unread counts matter here. */
export const API_PLACE = 'api-1';
/** The place of the HTTP API that changes groups. */
export const GROUP_API_PLACE = 'api-2';
/** The place of the HTTP API that hides messages. */
export const MESSAGE_API_PLACE = 'api-3';
export const SERVER_PLACES = [...CONNECT_PLACES, ...BUSINESS_PLACES, ...DATASYNC_PLACES] as const;

/** A step as a line of a story. */
export function tellStep({ at, do: action, ...details }: Step): string {
  const told = Object.entries(details).map(
    ([name, value]) => `${name}=${typeof value === 'object' ? JSON.stringify(value) : value}`,
  );
  return `${String(Math.round(at)).padStart(6)} ms  ${action} ${told.join(' ')}`;
}
