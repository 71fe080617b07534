import type { Clock, Random } from '@chasqui/domain';
import type { ClientLimits } from './limits.ts';
import type { FetchNodes } from './node-list.ts';
import type { ClientStore } from './store.ts';
import type { Transport } from './transport.ts';

/** A JWT, or what gets one: asked before each connect, so that it may renew the token. */
export type TokenSource = string | (() => string | Promise<string>);

export interface ClientOptions {
  token: TokenSource;
  /** This install; chosen once and kept. Two clients with one `deviceId` log each other out. */
  deviceId: string;
  /** `web`, `ios`, `android` … */
  platform?: string;
  /** Nodes to connect to, for example `ws://127.0.0.1:4401/ws`. */
  urls?: readonly string[];
  /** `GET /api/nodes` of the API, asked before each connect; `urls` serve while it does not answer. */
  nodesUrl?: string;
  /** Default: forgets with the process. */
  store?: ClientStore;
  /** Default: the platform's WebSocket. */
  transport?: Transport;
  /** Default: the platform's `fetch`. */
  fetchNodes?: FetchNodes;
  clock?: Clock;
  random?: Random;
  limits?: Partial<ClientLimits>;
}
