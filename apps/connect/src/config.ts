import { BLOCKED_SENDER_POLICIES, type BlockedSenderPolicy } from '@chasqui/domain';
import { type EnginesConfig, readEnginesConfig } from '@chasqui/engines/config';
import {
  type CommonConfig,
  ConfigReader,
  type EdgeConfig,
  type Environment,
  readCommonConfig,
  readEdgeConfig,
} from '@chasqui/kit';
import { KICK_POLICIES, type KickPolicy } from './kick-policy.ts';

export interface ConnectConfig extends CommonConfig, EdgeConfig {
  engines: EnginesConfig;
  /** WebSockets. 0: a free one. */
  port: number;
  /** Deliveries from peers. 0: a free one. */
  peerPort: number;
  /** What clients are told, when it differs from the address listened on (behind a balancer). */
  publicUrl?: string;
  /** What peers are told, when it differs. */
  peerAddress?: string;
  gatewayEngine: 'auto' | 'uws' | 'ws';
  /** Which of a user's other devices a log-in ends. */
  kickPolicy: KickPolicy;
  blockedSenders: BlockedSenderPolicy;
}

/** Errors: `config_invalid` that lists every fault. */
export function readConnectConfig(env: Environment): ConnectConfig {
  const reader = new ConfigReader(env);
  const port = reader.integer('CHASQUI_CONNECT_PORT', 4401, { min: 0, max: 65_535 });
  const publicUrl = reader.optional('CHASQUI_CONNECT_PUBLIC_URL');
  const peerAddress = reader.optional('CHASQUI_CONNECT_PEER_ADDRESS');
  return reader.finish({
    ...readCommonConfig(reader),
    ...readEdgeConfig(reader),
    engines: readEnginesConfig(reader),
    port,
    peerPort: reader.integer('CHASQUI_CONNECT_PEER_PORT', port === 0 ? 0 : port + 100, { min: 0, max: 65_535 }),
    kickPolicy: reader.oneOf('CHASQUI_KICK_POLICY', KICK_POLICIES, 'none'),
    blockedSenders: reader.oneOf('CHASQUI_BLOCKED_SENDERS', BLOCKED_SENDER_POLICIES, 'refuse'),
    gatewayEngine: reader.oneOf('CHASQUI_GATEWAY', ['auto', 'uws', 'ws'], 'auto'),
    ...(publicUrl === undefined ? {} : { publicUrl }),
    ...(peerAddress === undefined ? {} : { peerAddress }),
  });
}
