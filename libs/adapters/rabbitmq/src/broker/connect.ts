import { readFileSync } from 'node:fs';
import type { Duplex } from 'node:stream';
import { type Clock, defined, ImError } from '@chasqui/domain';
import { withDeadline } from '@chasqui/kit';
import { type ChannelModel, connect } from 'amqplib';
import type { RabbitmqConfig } from '../config.ts';
import { type Endpoint, textOf } from '../rabbitmq-url.ts';
import { brokerError } from './broker-error.ts';
import { checkServer } from './server-check.ts';

/** The broker ends a connection that is silent for twice as long, and we one of a silent broker. Seconds. */
const HEARTBEAT_S = 4;
const CLOSE_DEADLINE_MS = 1_000;

export interface ConnectOptions {
  config: RabbitmqConfig;
  clock: Clock;
  /** Shown by RabbitMQ's own tools. */
  name: string;
}

/** Errors: `config_invalid` if waiting does not help, and what to do; else `bus_unavailable`. */
export async function connectTo(endpoint: Endpoint, { config, clock, name }: ConnectOptions): Promise<ChannelModel> {
  const { address, callDeadlineMs } = config;
  const url = {
    protocol: address.tls ? 'amqps' : 'amqp',
    hostname: endpoint.host,
    port: endpoint.port,
    username: config.user ?? address.user ?? 'guest',
    password: passwordOf(config),
    vhost: address.vhost,
    heartbeat: HEARTBEAT_S,
  };
  const socket = { noDelay: true, timeout: callDeadlineMs, clientProperties: { connection_name: name } };
  let model: ChannelModel | undefined;
  try {
    model = await connect(url, { ...socket, ...tlsOptions(config) });
    // Without a listener an error ends the process; `close` follows every error.
    model.on('error', () => {});
    checkServer(model.connection.serverProperties);
    return model;
  } catch (error) {
    if (model !== undefined) await disconnect(model, clock);
    throw brokerError(error, `connecting to ${textOf(endpoint)}`);
  }
}

/** The first broker that answers. Errors: those of the last one tried. */
export async function connectToAny(options: ConnectOptions): Promise<ChannelModel> {
  let failure: unknown;
  for (const endpoint of options.config.address.endpoints) {
    try {
      return await connectTo(endpoint, options);
    } catch (error) {
      failure = error;
      if (ImError.from(error).code === 'config_invalid') break;
    }
  }
  throw failure;
}

/** Closes a connection within a second: cuts it off if the broker does not answer. Never rejects. */
export async function disconnect(model: ChannelModel, clock: Clock): Promise<void> {
  const closed = Promise.resolve().then(() => model.close());
  await withDeadline(clock, CLOSE_DEADLINE_MS, closed).catch(() => {});
  // An error, because a socket that ends without one leaves the driver's heartbeat running.
  (model.connection as unknown as { stream: Duplex }).stream.destroy(new Error('closed'));
}

function passwordOf({ passwordFile, password, address }: RabbitmqConfig): string {
  if (passwordFile === undefined) return password ?? address.password ?? 'guest';
  return readText(passwordFile, 'password').trim();
}

function tlsOptions({ address, tlsCa }: RabbitmqConfig): { ca?: string } {
  return address.tls ? defined({ ca: tlsCa === undefined ? undefined : readText(tlsCa, 'certificate') }) : {};
}

function readText(path: string, what: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new ImError('config_invalid', `the ${what} file ${path} cannot be read`, {}, error);
  }
}
