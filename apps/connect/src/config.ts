import { BLOCKED_SENDER_POLICIES, type BlockedSenderPolicy, defined } from '@chasqui/domain';
import { type EnginesConfig, readEnginesConfig } from '@chasqui/engines/config';
import {
  type CommonConfig,
  ConfigReader,
  type EdgeConfig,
  type Environment,
  isLoopback,
  readCommonConfig,
  readEdgeConfig,
} from '@chasqui/kit';
import { KICK_POLICIES, type KickPolicy } from './admission/kick-policy.ts';

export interface ConnectConfig extends CommonConfig, EdgeConfig {
  engines: EnginesConfig;
  /** Port of the WebSocket server. 0: a free one. */
  port: number;
  /** Listens for deliveries from peers: the loopback address, unless the configuration names another. */
  peerHost: string;
  /** Port for peers. 0: a free one. */
  peerPort: number;
  /** The address announced to clients, if it differs from the one listened on (behind a balancer). */
  publicUrl?: string;
  /** The address announced to peers, if it differs from the one listened on. */
  peerAddress?: string;
  gatewayEngine: 'auto' | 'uws' | 'ws';
  /** Which of a user's other devices a log-in ends. */
  kickPolicy: KickPolicy;
  blockedSenders: BlockedSenderPolicy;
}

const LOOPBACK = '127.0.0.1';

/** Errors: `config_invalid`, which lists every fault. */
export function readConnectConfig(env: Environment): ConnectConfig {
  const reader = new ConfigReader(env);
  const port = reader.integer('CHASQUI_CONNECT_PORT', 4401, { min: 0, max: 65_535 });
  const publicUrl = reader.optional('CHASQUI_CONNECT_PUBLIC_URL');
  const peerAddress = reader.optional('CHASQUI_CONNECT_PEER_ADDRESS');
  const common = readCommonConfig(reader);
  const peerHost = reader.parsed('CHASQUI_CONNECT_PEER_HOST', LOOPBACK, (host) => {
    const isKnown = common.peerSecret !== undefined || common.peerTls !== undefined;
    if (isKnown || isLoopback(host)) return host;
    throw new Error('opens the peer port to a network: set CHASQUI_PEER_SECRET or CHASQUI_PEER_TLS_* as well');
  });
  return reader.finish({
    ...common,
    ...readEdgeConfig(reader),
    engines: readEnginesConfig(reader),
    port,
    peerHost,
    peerPort: reader.integer('CHASQUI_CONNECT_PEER_PORT', port === 0 ? 0 : port + 100, { min: 0, max: 65_535 }),
    kickPolicy: reader.oneOf('CHASQUI_KICK_POLICY', KICK_POLICIES, 'none'),
    blockedSenders: reader.oneOf('CHASQUI_BLOCKED_SENDERS', BLOCKED_SENDER_POLICIES, 'refuse'),
    gatewayEngine: reader.oneOf('CHASQUI_GATEWAY', ['auto', 'uws', 'ws'], 'auto'),
    ...defined({ publicUrl, peerAddress }),
  });
}
