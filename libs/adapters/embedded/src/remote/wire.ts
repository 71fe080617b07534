import type { BusDelivery } from '@chasqui/ports';
import type { MemberSpec, Outcome } from '../bus/hub.ts';
import type { WireError } from '../worker-link/wire-error.ts';

/** Changes with the types below: both ends are of one release. */
export const WIRE_VERSION = 5;

/** The engine that a call addresses. `soft`: those in the host's memory. */
export const TARGETS = {
  bus: 'bus_unavailable',
  stores: 'store_unavailable',
  search: 'search_unavailable',
  soft: 'presence_unavailable',
} as const;
export type Target = keyof typeof TARGETS;

/** An item from a client to the engine host. A frame is an array of the items of one turn. */
export type ClientItem =
  | ['call', target: Target, id: number, op: string, args: unknown]
  | ['attach', member: number, spec: MemberSpec]
  | ['retire', member: number]
  | ['settle', work: number, outcome: Outcome]
  | ['ping'];

/** An item from the engine host to a client. */
export type HostItem =
  | ['hello', version: number, shards: { [topic: string]: number }]
  | ['result', target: Target, id: number, value: unknown]
  | ['error', target: Target, id: number, error: WireError]
  | ['work', member: number, work: number, shard: number, batch: readonly BusDelivery[]]
  | ['pong'];

/** The ping interval of clients. */
export const PING_MS = 2_000;
/** After this many ping intervals of silence the other side counts as frozen: 10 s, the bus's visibility time. */
export const SILENT_PINGS = 5;
