import type { MachineName } from './engines.ts';
import type { MachineState } from './machine.ts';
import type { LinkFault } from './peer-network.ts';

/** What happens to a device, what its user does, and what fails. A step that takes time ends by itself. */
export type Action =
  | { do: 'send'; device: string; to: string; count: number }
  | { do: 'read' | 'recall'; device: string; peer: string }
  /** The user answers each message as soon as the device shows it, on this device. */
  | { do: 'answer'; device: string; forMs: number }
  /** The user writes to someone on all devices at once, again and again. */
  | { do: 'together'; user: string; to: string; count: number }
  /** The user looks at the unread counts, over HTTP. */
  | { do: 'count'; device: string }
  /** Someone without the client library sends something, once more or with another text. */
  | { do: 'blurt'; clientMessageId: string; to: string; text: string; place: string; times: number }
  /** The program is started, killed, or closed by its user; the network goes and comes. */
  | { do: 'start' | 'kill' | 'close' | 'unplug' | 'plug'; device: string }
  /** Its sockets go silent: nobody is told. */
  | { do: 'cut'; device: string }
  | { do: 'slow'; device: string; msPerByte: number }
  | { do: 'suspend'; device: string; forMs: number }
  /** `silently`: the machine goes with its process, so that no socket is closed. */
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

/** `at`: ms from the beginning. */
export type Step = Action & { at: number };

/** A run, as a list of steps that any subset of may be run as well. */
export interface Plan {
  seed: number;
  users: { user: string; devices: string[] }[];
  steps: Step[];
  /** How long the steps go on, in ms. */
  lastsMs: number;
}

export const CONNECT_PLACES = ['connect-1', 'connect-2', 'connect-3'] as const;
export const BUSINESS_PLACES = ['business-1', 'business-2'] as const;
export const DATASYNC_PLACES = ['datasync-1'] as const;
/** Where the HTTP side runs, of which only the unread counts are of interest here. */
export const API_PLACE = 'api-1';
export const SERVER_PLACES = [...CONNECT_PLACES, ...BUSINESS_PLACES, ...DATASYNC_PLACES] as const;

/** A step as a line of a story. */
export function tellStep({ at, do: action, ...details }: Step): string {
  const told = Object.entries(details).map(([name, value]) => `${name}=${String(value)}`);
  return `${String(Math.round(at)).padStart(6)} ms  ${action} ${told.join(' ')}`;
}
