import { join, resolve } from 'node:path';
import { defined } from '@chasqui/domain';
import type { ConfigReader } from './config-reader.ts';
import { DEFAULT_DATA_DIR } from './data-option.ts';
import { type HostAndPort, readEngineAddress } from './engine-address-config.ts';
import { LOG_LEVELS, type LogLevel } from './logger.ts';
import { readTelemetryConfig, type TelemetryConfig } from './telemetry-config.ts';

/** The configuration that every app reads. */
export interface CommonConfig {
  /** The address that services listen on. */
  host: string;
  dataDir: string;
  /** The socket of the embedded engines' process. */
  engineSocket: string;
  /** The address of that process on another machine. Absent: it is on this one, at its socket. */
  engineAddress?: HostAndPort;
  logLevel: LogLevel;
  /** Configured secrets; others are kept in the data folder. */
  jwtSecret?: string;
  peerSecret?: string;
  /** Certificate files for mutual TLS between processes. */
  peerTls?: { ca: string; cert: string; key: string; serverName?: string };
  /** The URL of the keys that sign the host application's tokens. */
  jwksUrl?: string;
  jwtIssuer?: string;
  jwtAudience?: string;
  /** Absent: no traces and no metrics are sent. */
  telemetry?: TelemetryConfig;
}

export function readCommonConfig(reader: ConfigReader): CommonConfig {
  const dataDir = resolve(reader.text('CHASQUI_DATA_DIR', DEFAULT_DATA_DIR));
  const given = {
    jwtSecret: reader.secret('CHASQUI_JWT_SECRET', { minLength: 1 }),
    peerSecret: reader.secret('CHASQUI_PEER_SECRET', { minLength: 16 }),
    peerTls: readPeerTls(reader),
    jwksUrl: reader.optional('CHASQUI_JWKS_URL'),
    jwtIssuer: reader.optional('CHASQUI_JWT_ISSUER'),
    jwtAudience: reader.optional('CHASQUI_JWT_AUDIENCE'),
    telemetry: readTelemetryConfig(reader),
    engineAddress: readEngineAddress(reader),
  };
  return {
    host: reader.text('CHASQUI_HOST', '127.0.0.1'),
    dataDir,
    engineSocket: reader.text('CHASQUI_ENGINE_SOCKET', join(dataDir, 'engine.sock')),
    logLevel: reader.oneOf('CHASQUI_LOG_LEVEL', LOG_LEVELS, 'info'),
    ...defined(given),
  };
}

/** All three files or none. */
function readPeerTls(reader: ConfigReader): CommonConfig['peerTls'] {
  const names = ['CHASQUI_PEER_TLS_CA', 'CHASQUI_PEER_TLS_CERT', 'CHASQUI_PEER_TLS_KEY'] as const;
  if (names.every((name) => reader.optional(name) === undefined)) return undefined;
  const [ca, cert, key] = names.map((name) => reader.text(name)) as [string, string, string];
  const serverName = reader.optional('CHASQUI_PEER_TLS_SERVER_NAME');
  return { ca, cert, key, ...defined({ serverName }) };
}
