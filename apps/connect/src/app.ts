import { type AppOptions, onOwnEngines, openRuntime } from '@chasqui/app';
import { NearPeers, openPeers } from '@chasqui/app/peers';
import { defined } from '@chasqui/domain';
import { createGateway, createWsHandler, guardHandlers, SharedPort } from '@chasqui/gateway';
import { createGrpcPeerServer } from '@chasqui/grpc';
import {
  admitsOrigin,
  answerStatus,
  assemble,
  hostInUrl,
  type Logger,
  loadSecrets,
  type Metrics,
  peerCredentials,
  type Secrets,
} from '@chasqui/kit';
import { CLOSE_CODES, SUBPROTOCOLS, WEBSOCKET_PATH } from '@chasqui/protocol';
import { createTokenVerifier } from '@chasqui/tokens';
import type { ConnectConfig } from './config.ts';
import { createConnectMetrics } from './connect-metrics.ts';
import { ConnectNode } from './connect-node.ts';

export { NearPeers, SharedPort };

/** The engine roles that the app uses. */
const ROLES = ['bus', 'presence', 'store', 'messages'] as const;

/** How long messages to one node may wait to be sent together, in ms. */
const LIVE_PACE_MS = 2;

export interface RunningConnect extends AsyncDisposable {
  metrics: Pick<Metrics, 'expose'>;
  nodeId: string;
  wsUrl: string;
  port: number;
  peerPort: number;
}

export interface StartConnectOptions extends AppOptions<ConnectConfig, (typeof ROLES)[number]> {
  secrets: Secrets;
  /** Nodes of this process: the other apps find this node here, and it finds the other nodes. */
  near?: NearPeers;
  /** The API's port, if this process has one: the node takes WebSockets there too. */
  sharedPort?: SharedPort;
}

/** Starts one Connect node on the given engines: gateway, peer server, and the node between them. */
export function startConnect(options: StartConnectOptions): Promise<RunningConnect> {
  const { config, engines, secrets, logger, near = new NearPeers(), sharedPort } = options;
  const address = { wsUrl: '', peerAddress: '' };
  return assemble(async (stack) => {
    const runtime = await openRuntime(stack, 'connect', options);
    const { nodeId, clock, limits, metrics } = runtime;
    const node = new ConnectNode(
      {
        runtime: { ...runtime, metrics: createConnectMetrics(metrics) },
        engines,
        peers: openPeers(stack, runtime, { secrets, near, paceMs: LIVE_PACE_MS }),
        verifier: createTokenVerifier({ ...verification(config, secrets), clock, clockToleranceS: 5 }),
        policies: { kickPolicy: config.kickPolicy, blockedSenders: config.blockedSenders },
        address: () => address,
      },
      (path) => answerStatus(path, { metrics, notReady: () => node.notReady(), degraded: () => node.degraded() }),
    );
    addGauges(metrics, node);
    const peerServer = stack.use(
      await createGrpcPeerServer({
        host: config.peerHost,
        port: config.peerPort,
        nodeId,
        logger,
        ...peerCredentials(secrets),
        onDeliveries: (deliveries) => node.deliver(deliveries),
        onMessages: (messages) => node.send(messages),
      }),
    );
    stack.use(
      near.register(
        nodeId,
        (deliveries) => node.deliver(deliveries),
        (messages) => node.send(messages),
      ),
    );
    const gatewayFactory = createGateway({ engine: config.gatewayEngine, logger });
    const rules = {
      maxFrameBytes: limits.maxFrameBytes,
      largeFrameCode: CLOSE_CODES.frame_too_large,
      maxBacklogBytes: limits.maxSocketBacklogBytes,
      slowConsumerCode: CLOSE_CODES.slow_consumer,
      subprotocols: SUBPROTOCOLS,
      proxies: config.proxies,
      admits: (origin: string, host: string) => admitsOrigin(config.origins, origin, host),
      handlers: node.handlers,
    };
    const gateway = stack.use(
      await gatewayFactory({ host: config.host, port: config.port, path: WEBSOCKET_PATH, ...rules }),
    );
    const acceptor =
      sharedPort && stack.use(createWsHandler({ ...rules, handlers: guardHandlers(node.handlers, logger) }));
    address.wsUrl = config.publicUrl ?? `ws://${hostInUrl(config.host)}:${gateway.port}${WEBSOCKET_PATH}`;
    address.peerAddress = config.peerAddress ?? `${hostInUrl(config.peerHost)}:${peerServer.port}`;
    // Drained before its engines and servers are closed (C14).
    stack.defer(async () => {
      gateway.stopListening();
      await node[Symbol.asyncDispose]();
    });
    await node.start();
    // Withdrawn before the node drains.
    if (acceptor !== undefined) {
      const { publicUrl } = config;
      stack.use(sharedPort?.register(nodeId, { acceptor, describe: () => node.describe(), ...defined({ publicUrl }) }));
    }
    return { nodeId, metrics, wsUrl: address.wsUrl, port: gateway.port, peerPort: peerServer.port };
  });
}

function addGauges(metrics: Metrics, node: ConnectNode): void {
  metrics.gauge('sessions', 'Logged-in sessions', () => node.gauges().sessions);
  metrics.gauge('unacked_pushes', 'Messages pushed and not acked yet', () => node.gauges().unacked);
  metrics.gauge(
    'clock_ahead_ms',
    'How far message ids run ahead of this machine’s clock',
    () => node.gauges().clockAheadMs,
  );
  metrics.gauge('group_sends_waiting', 'Sends of groups’ frames that wait for sockets', () => node.gauges().groupSends);
  metrics.gauge('publishes_waiting', 'Events accepted and not yet on the bus', () => node.gauges().waiting);
}

/** A Connect node as a process of its own. */
export async function connectApp(config: ConnectConfig, logger: Logger): Promise<RunningConnect> {
  const secrets = await loadSecrets(config);
  return onOwnEngines({ config, logger, roles: ROLES }, (own) => startConnect({ ...own, secrets }));
}

function verification(config: ConnectConfig, secrets: Secrets) {
  return {
    secret: secrets.jwtSecret,
    ...(config.jwksUrl === undefined ? {} : { jwks: { url: config.jwksUrl } }),
    ...defined({ issuer: config.jwtIssuer, audience: config.jwtAudience }),
  };
}
