import type { Clock, Random } from '@chasqui/domain';
import type { FetchNodes } from './connection/node-list.ts';
import type { TokenSource } from './connection/token-source.ts';
import type { Transport, WebSocketConstructor } from './connection/transport.ts';
import type { ClientLimits } from './limits.ts';
import type { ActionSupport, GroupSupport, RecallSupport, StateSupport } from './parts.ts';
import type { SendState } from './states/send-state.ts';
import type { ClientDatabase, ClientStore } from './storing/store.ts';

export interface ClientOptions {
  token: TokenSource;
  /** Names this install; chosen once and kept. Two clients with the same `deviceId` log each other out. */
  deviceId: string;
  /** `web`, `ios`, `android` … */
  platform?: string;
  /** Nodes to connect to, for example `ws://127.0.0.1:4401/ws`. */
  urls?: readonly string[];
  /** `GET /api/nodes` of the API, requested before each connect; `urls` are the fallback while it does not answer. */
  nodesUrl?: string;
  /** Default: in memory, lost with the process. A database keeps the messages of conversations too. */
  store?: ClientStore | ClientDatabase;
  /** `groups()` of the entry point `groups`: the client then has groups. */
  groups?: GroupSupport | undefined;
  /** `states()` of the entry point `states`: the client then has conversation states. */
  states?: StateSupport | undefined;
  /** `recalls()` of the entry point `recalls`: the client can then take messages back. */
  recalls?: RecallSupport | undefined;
  /** `actions()` of the entry point `actions`: the client can then edit messages, and shows edits of others at once. */
  actions?: ActionSupport | undefined;
  /** Default: the platform's. Node has one from version 22; in Node 20, pass `WebSocket` of the package `ws`. */
  webSocket?: WebSocketConstructor;
  /** Default: WebSockets. */
  transport?: Transport;
  /** Default: the platform's `fetch`. */
  fetchNodes?: FetchNodes;
  /** How a state is sent. Default: the platform's `fetch`, to the API of `nodesUrl`, with the token. */
  sendState?: SendState;
  clock?: Clock;
  random?: Random;
  limits?: Partial<ClientLimits>;
}
