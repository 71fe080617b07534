import { type Clock, ImError, type Random } from '@chasqui/domain';
import type { ClientFrame, ServerFrame, ServerFrameOf } from '@chasqui/protocol';
// Imports the codes alone: the package's main entry would put its validators into the page's bundle.
import { mayReconnect } from '@chasqui/protocol/close-codes';
import { Alarm } from '../basics/alarm.ts';
import type { StateEvent } from '../events.ts';
import type { ClientLimits } from '../limits.ts';
import { parsedText } from '../storing/parsed-text.ts';
import { fullJitter } from './backoff.ts';
import { Heartbeat } from './heartbeat.ts';
import type { Socket, Transport } from './transport.ts';

export interface ConnectionOptions {
  clock: Clock;
  random: Random;
  transport: Transport;
  limits: ClientLimits;
  /** The address to try next. */
  nextUrl: () => string | Promise<string>;
  /** The login frame of this attempt. */
  login: () => ClientFrameLogin | Promise<ClientFrameLogin>;
  /** Whether `login` will be another one after this refusal, so that it is no reason to stop. */
  willChange: (refusal: ServerFrameOf<'error'>) => boolean | undefined;
  /** Whether `login` asks for a token at each attempt, so that an expired one is no reason to stop. */
  canRenewToken: boolean;
}

type ClientFrameLogin = Extract<ClientFrame, { type: 'login' }>;

export interface ConnectionHandlers {
  state(event: StateEvent): void;
  online(frame: ServerFrameOf<'login_ok'>): void;
  /** The session has ended. Called before the `state` event. */
  offline(): void;
  /** Every frame after `login_ok`. */
  received(frame: ServerFrame): void;
}

/** The server's own close codes begin here. */
const SERVER_CODES = 4000;
/** Close code when the application closes the client. */
const NORMAL = 1000;
/** Close code when the client moves to another node; browsers may send codes of this range. */
const LEAVING = 4999;

/**
 * Keeps one session alive: connects, logs in and watches for signs of life. After a loss it reconnects to another node
 * with back-off, until a close code of 4500 or more, or `close()`, stops it.
 */
export class Connection {
  readonly #options: ConnectionOptions;
  readonly #handlers: ConnectionHandlers;
  readonly #retry: Alarm;
  readonly #deadline: Alarm;
  readonly #heartbeat: Heartbeat;
  #state: StateEvent['state'] = 'closed';
  #socket: Socket | undefined;
  /** Numbers the attempts: late events of an earlier attempt are ignored. */
  #attempt = 0;
  #failures = 0;
  #onlineSince = 0;
  /** Log-ins in a row whose token had expired. */
  #expired = 0;
  /** The last error before the close: it is more precise than the close code. */
  #lastError: ServerFrameOf<'error'> | undefined;

  constructor(options: ConnectionOptions, handlers: ConnectionHandlers) {
    const { clock, limits } = options;
    this.#options = options;
    this.#handlers = handlers;
    this.#retry = new Alarm(clock, () => this.#begin());
    this.#deadline = new Alarm(clock, () => this.drop({ code: 'login_timeout', message: 'no answer to the login' }));
    this.#heartbeat = new Heartbeat(clock, limits.pongTimeoutMs, {
      ping: () => this.send({ type: 'ping' }),
      dead: () => this.drop({ code: 'heartbeat_missed', message: 'no answer to a ping' }),
    });
  }

  get state(): StateEvent['state'] {
    return this.#state;
  }

  /** Connects, unless it is connected or connecting. */
  open(): void {
    if (this.#state !== 'closed') return;
    this.#failures = 0;
    this.#expired = 0;
    this.#begin();
  }

  /** Returns false when there is no session; the frame is then dropped. */
  send(frame: ClientFrame): boolean {
    if (this.#state !== 'online') return false;
    this.#socket?.send(JSON.stringify(frame));
    return true;
  }

  /** Closes this connection and reconnects to another node. */
  drop(reason: NonNullable<StateEvent['reason']>): void {
    if (this.#state !== 'online' && this.#state !== 'connecting') return;
    this.#socket?.close(LEAVING, reason.code);
    this.#lost(reason);
  }

  /** The device woke up or its network is back: skips a pending back-off and checks an open connection. */
  wake(): void {
    if (this.#state === 'offline') this.#begin();
    else if (this.#state === 'online') this.#heartbeat.check();
  }

  close(): void {
    this.#stop({ code: 'connection_closed', message: 'the client was closed' });
  }

  #begin(): void {
    const attempt = ++this.#attempt;
    this.#retry.clear();
    this.#lastError = undefined;
    this.#change({ state: 'connecting' });
    this.#deadline.set(this.#options.limits.connectTimeoutMs);
    try {
      const url = this.#options.nextUrl();
      const login = this.#options.login();
      if (typeof url === 'string' && !(login instanceof Promise)) this.#dial(attempt, url, login);
      else {
        Promise.all([url, login])
          .then(([readyUrl, readyLogin]) => this.#dial(attempt, readyUrl, readyLogin))
          .catch((error) => this.#cannotBegin(attempt, error));
      }
    } catch (error) {
      this.#cannotBegin(attempt, error);
    }
  }

  #cannotBegin(attempt: number, error: unknown): void {
    const { code, message } = ImError.from(error, 'connection_closed');
    if (attempt === this.#attempt) this.#lost({ code, message });
  }

  #dial(attempt: number, url: string, login: ClientFrameLogin): void {
    if (attempt !== this.#attempt) return;
    const isCurrent = () => attempt === this.#attempt;
    this.#socket = this.#options.transport(url, {
      opened: () => {
        if (isCurrent()) this.#socket?.send(JSON.stringify(login));
      },
      received: (text) => {
        if (isCurrent()) this.#received(text);
      },
      closed: (code, reason) => {
        if (isCurrent()) this.#closed(code, reason);
      },
    });
  }

  #received(text: string): void {
    this.#heartbeat.heard();
    const frame = parsedText<ServerFrame | null>(text);
    if (typeof frame !== 'object' || frame === null) {
      this.drop({ code: 'invalid_json', message: 'the server sent no frame' });
    } else if (this.#state === 'online') {
      this.#handlers.received(frame);
    } else if (frame.type === 'login_ok') {
      this.#deadline.clear();
      this.#heartbeat.start(frame.heartbeatMs);
      this.#onlineSince = this.#options.clock.monotonic();
      this.#expired = 0;
      this.#state = 'online';
      this.#handlers.online(frame);
      // Which may have ended the session: another user's store.
      if (this.state === 'online') this.#handlers.state({ state: 'online' });
    } else if (frame.type === 'error') {
      this.#lastError = frame;
    }
  }

  #closed(closeCode: number, text: string): void {
    // The server gives the name of its close code; what closes otherwise has none.
    const code = (closeCode >= SERVER_CODES && text) || (this.#lastError?.code ?? 'connection_closed');
    const reason = { code, message: this.#lastError?.message ?? text, field: this.#lastError?.field, closeCode };
    const renewable = closeCode >= SERVER_CODES && code === 'token_expired' && this.#mayAskAgain();
    const isOther = this.#lastError !== undefined && this.#options.willChange(this.#lastError);
    if (mayReconnect(closeCode) || renewable || isOther) this.#lost(reason);
    else this.#stop(reason);
  }

  #mayAskAgain(): boolean {
    const { canRenewToken, limits } = this.#options;
    return canRenewToken && (this.#state === 'online' || this.#expired++ < limits.maxTokenRenewals);
  }

  #lost(reason: NonNullable<StateEvent['reason']>): void {
    const { clock, limits, random } = this.#options;
    if (this.#state === 'online' && clock.monotonic() - this.#onlineSince >= limits.steadyMs) this.#failures = 0;
    this.#leave();
    const retryInMs = fullJitter(this.#failures++, limits.backoffMinMs, limits.backoffMaxMs, random);
    this.#change({ state: 'offline', reason, retryInMs });
    if (this.#state === 'offline') this.#retry.set(retryInMs);
  }

  #stop(reason: NonNullable<StateEvent['reason']>): void {
    if (this.#state === 'closed') return;
    // No effect if the server closed it.
    this.#socket?.close(NORMAL, '');
    this.#leave();
    this.#retry.clear();
    this.#change({ state: 'closed', reason });
  }

  #leave(): void {
    const wasOnline = this.#state === 'online';
    this.#state = 'offline';
    this.#attempt++;
    this.#socket = undefined;
    this.#deadline.clear();
    this.#heartbeat.stop();
    if (wasOnline) this.#handlers.offline();
  }

  #change(event: StateEvent): void {
    this.#state = event.state;
    this.#handlers.state(event);
  }
}
