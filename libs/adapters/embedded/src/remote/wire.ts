import type { BusDelivery } from '@chasqui/ports';
import type { MemberSpec, Outcome } from '../bus/hub.ts';
import type { WireError } from '../worker-link/wire-error.ts';

/** Changes whenever what is below does: both ends come from one release. */
export const WIRE_VERSION = 3;

/** Which engine a call is for. `soft` are those in the host's memory. */
export const TARGETS = {
  bus: 'bus_unavailable',
  stores: 'store_unavailable',
  search: 'search_unavailable',
  soft: 'presence_unavailable',
} as const;
export type Target = keyof typeof TARGETS;

/** What travels from a client to the engine host. A frame is an array of these: one turn's worth. */
export type ClientItem =
  | ['call', target: Target, id: number, op: string, args: unknown]
  | ['attach', member: number, spec: MemberSpec]
  | ['retire', member: number]
  | ['settle', work: number, outcome: Outcome]
  | ['ping'];

/** What travels from the engine host to a client. */
export type HostItem =
  | ['hello', version: number, shards: { [topic: string]: number }]
  | ['result', target: Target, id: number, value: unknown]
  | ['error', target: Target, id: number, error: WireError]
  | ['work', member: number, work: number, shard: number, batch: readonly BusDelivery[]]
  | ['pong'];

/** Clients ping this often. */
export const PING_MS = 2_000;
/** After this many pings' time without a word, the other side counts as frozen: 10 s, the bus's visibility time. */
export const SILENT_PINGS = 5;
