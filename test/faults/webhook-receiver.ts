import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { newEndpoint } from '@chasqui/core';
import type { ServerEvent } from '@chasqui/domain';
import type { Environment } from '@chasqui/kit';
import { Webhook } from 'standardwebhooks';
import { checkWebhooks, eventIdOf, type LoggedMessage, type Violation, type WebhookRequest } from '../checker/index.ts';
import type { ProcessCluster } from '../cluster/process-cluster.ts';

/** An hour of the receiver takes so much of a run. The waits between requests are scaled alike. */
const SCALE = 500;
const HOUR_MS = 3_600_000 / SCALE;
const TIMEOUT_MS = 1_000;
const LOOK_MS = 200;
/** A Hooks process that was killed holds an endpoint for 15 s. */
const TOLD_MS = 60_000;

/** For the processes of a cluster with a receiver. */
export const RECEIVER_ENV: Environment = {
  CHASQUI_HOOKS_HTTP: 'on',
  CHASQUI_HOOKS_PRIVATE: 'on',
  CHASQUI_HOOKS_TIMEOUT_MS: `${TIMEOUT_MS}`,
  CHASQUI_HOOKS_RETRY_MS: `${5_000 / SCALE}`,
  CHASQUI_HOOKS_RETRY_MAX_MS: `${900_000 / SCALE}`,
};

type Mood = 'is well' | 'is dead' | 'hangs' | 'answers 500';

/** What it does by turns, each for so many ms. */
const TURNS: readonly (readonly [Mood, number])[] = [
  ['is well', 3_000],
  ['is dead', 2_000],
  ['is well', 3_000],
  ['hangs', 3 * TIMEOUT_MS],
  ['is well', 3_000],
  ['answers 500', HOUR_MS],
];

/** The back end of a host application, which is told of every message and is not always well. */
export class WebhookReceiver implements AsyncDisposable {
  /** What it got, in order. */
  readonly #requests: WebhookRequest[] = [];
  readonly #taken = new Set<string>();
  readonly #server: Server;
  readonly #webhook: Webhook;
  readonly #over = new AbortController();
  readonly #turning: Promise<void>;
  #mood: Mood = 'is well';
  /** Requests since the mood changed. */
  #count = 0;
  #forgery: unknown;

  private constructor(server: Server, secret: string, onMood: (text: string) => void) {
    this.#server = server;
    this.#webhook = new Webhook(secret);
    server.on('request', (request, response) => void this.#receive(request, response));
    this.#turning = this.#turn(onMood);
  }

  /** Before anybody writes, so that every message is for it. `onMood`: called when it changes. */
  static async start(cluster: ProcessCluster, onMood: (text: string) => void): Promise<WebhookReceiver> {
    const server = createServer();
    await once(server.listen(0, '127.0.0.1'), 'listening');
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
    const asked = { url, types: ['message.stored'], description: '' };
    const endpoint = newEndpoint(asked, { allowHttp: true, allowPrivate: true }, { now: Date.now(), randomBytes });
    const receiver = new WebhookReceiver(server, endpoint.secrets[0]?.secret ?? '', onMood);
    await using engines = await cluster.engines();
    await engines.webhooks.put(endpoint);
    return receiver;
  }

  /**
   * From now on it is well. Waits for what it was not told yet, and judges what it was told. Errors: that of a request whose
   * signature is wrong.
   */
  async judge(logged: readonly LoggedMessage[]): Promise<{ violations: Violation[]; waitedMs: number }> {
    this.#over.abort();
    await this.#turning;
    const from = performance.now();
    const hasAll = () => logged.every((message) => this.#taken.has(eventIdOf(message)));
    while (!hasAll() && performance.now() < from + TOLD_MS) await pause(LOOK_MS);
    if (this.#forgery !== undefined) throw this.#forgery;
    return { violations: checkWebhooks(logged, this.#requests), waitedMs: performance.now() - from };
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#over.abort();
    await this.#turning;
    this.#server.close().closeAllConnections();
  }

  async #turn(onMood: (text: string) => void): Promise<void> {
    const signal = this.#over.signal;
    for (let n = 0; !signal.aborted; n++) {
      const [mood, ms] = TURNS[n % TURNS.length] as (typeof TURNS)[number];
      this.#set(mood);
      onMood(`the webhook receiver ${mood}`);
      await pause(ms, undefined, { signal }).catch(() => {});
    }
    this.#set('is well');
  }

  #set(mood: Mood): void {
    // Requests to which it has not answered are never answered.
    if (this.#mood === 'hangs') this.#server.closeAllConnections();
    this.#mood = mood;
    this.#count = 0;
  }

  async #receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
    let body = '';
    try {
      for await (const chunk of request) body += chunk;
    } catch {
      // The sender was killed.
      return;
    }
    try {
      const headers = request.headers as Record<string, string>;
      this.#answer(this.#webhook.verify(body, headers) as ServerEvent<'message.stored'>, response);
    } catch (error) {
      this.#forgery ??= error;
    }
  }

  #answer(event: ServerEvent<'message.stored'>, response: ServerResponse): void {
    const mood = this.#mood;
    // It dies while it works: the first event is noted, and the answer is lost.
    const taken = mood === 'is well' || (mood === 'is dead' && this.#count === 0);
    this.#count++;
    this.#requests.push({ event, taken });
    if (taken) this.#taken.add(event.id);
    // The port stays open: another program could get it meanwhile.
    if (mood === 'is dead') this.#server.closeAllConnections();
    else if (mood !== 'hangs') response.writeHead(taken ? 204 : 500).end();
  }
}
