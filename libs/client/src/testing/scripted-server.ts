import {
  type ClientFrame,
  type ClientFrameOf,
  type ClientFrameType,
  closeReasonOf,
  type ServerFrame,
} from '@chasqui/protocol';
import { actions } from '../actions/actions-entry.ts';
import { groups } from '../groups/groups-entry.ts';
import type { ActionSupport, ClientOptions, GroupSupport, PartName, RecallSupport, StateSupport } from '../index.ts';
import { recalls } from '../recalls/recalls-entry.ts';
import { states } from '../states/states-entry.ts';
import { ManualClock } from './manual-clock.ts';
import { seeded } from './random.ts';

/** One socket as the server sees it. */
export interface ScriptedSocket {
  url: string;
  frames: ClientFrame[];
  send(frame: ServerFrame): void;
  close(code: number): void;
  /** The code with which the client closed it. */
  closedBy?: number;
}

/** The options of a client with all parts. */
export type FullOptions = ClientOptions & {
  groups: GroupSupport;
  states: StateSupport;
  recalls: RecallSupport;
  actions: ActionSupport;
};

/** A server without behaviour of its own: a test decides what it sends, and inspects what it received. */
export class ScriptedServer {
  readonly clock = new ManualClock();
  readonly sockets: ScriptedSocket[] = [];
  /** Client options with this server's transport; `more` overrides the rest. */
  options(more: Partial<Omit<ClientOptions, PartName>> = {}): FullOptions {
    const { clock } = this;
    return {
      groups: groups(),
      states: states(),
      recalls: recalls(),
      actions: actions(),
      urls: ['ws://one'],
      token: 'jwt',
      deviceId: 'phone',
      clock,
      random: seeded(7),
      transport: (url, handlers) => {
        let open = true;
        const socket: ScriptedSocket = {
          url,
          frames: [],
          send: (frame) => open && handlers.received(JSON.stringify(frame)),
          close: (code) => {
            if (open) handlers.closed(code, closeReasonOf(code));
            open = false;
          },
        };
        this.sockets.push(socket);
        clock.after(0, () => handlers.opened());
        return {
          send: (text) => socket.frames.push(JSON.parse(text)),
          // As with a real socket, frames in flight still arrive.
          close: (code) => {
            socket.closedBy = code;
          },
        };
      },
      ...more,
    };
  }

  get socket(): ScriptedSocket {
    const socket = this.sockets.at(-1);
    if (socket === undefined) throw new Error('no socket was opened');
    return socket;
  }

  /** The frames of one type that arrived on the last socket. */
  got<T extends ClientFrameType>(type: T): ClientFrameOf<T>[] {
    return this.socket.frames.filter((frame): frame is ClientFrameOf<T> => frame.type === type);
  }

  /** Answers the login with the given first page. */
  login(page: Partial<Extract<ServerFrame, { type: 'offline_messages' }>> = {}, userId = 'amy'): void {
    this.clock.run(1);
    const login = this.got('login').at(-1);
    this.socket.send({
      type: 'login_ok',
      userId,
      deviceId: 'phone',
      sessionId: 's',
      nodeId: 'n',
      serverTime: 1,
      heartbeatMs: 30_000,
      limits: { maxFrameBytes: 65_536, maxContentBytes: 32_768, messagesPerSecond: 1_000, maxSyncPage: 500 },
    });
    this.page({ position: login?.position ?? 0, ...page });
  }

  /** Answers the last sync request, or the login. */
  page(page: Partial<Extract<ServerFrame, { type: 'offline_messages' }>>): void {
    const asked = this.socket.frames.findLast(({ type }) => type === 'sync_offline_messages' || type === 'login');
    this.socket.send({
      type: 'offline_messages',
      updates: [],
      position: 0,
      epoch: 'e1',
      caughtUp: true,
      ...(asked?.ref === undefined ? {} : { ref: asked.ref }),
      ...page,
    });
  }
}

/** The `n`-th message id. */
export function id(n: number): string {
  return n.toString(16).padStart(24, '0');
}

/** A message from bob to amy, the `n`-th of its conversation. */
export function fromBob(n: number, more: Partial<Extract<ServerFrame, { type: 'chat' }>> = {}) {
  return {
    type: 'chat' as const,
    messageId: id(n),
    conversationId: 'amy~bob',
    from: 'bob',
    fromDevice: 'd',
    to: 'amy',
    clientMessageId: `c${n}`,
    kind: 'c2c' as const,
    content: { text: `text ${n}` },
    sentAt: n,
    ...more,
  };
}
