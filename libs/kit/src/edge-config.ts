import type { ConfigReader } from './config-reader.ts';
import { type Origins, parseOrigins } from './origins.ts';

/** The configuration of apps that clients connect to. */
export interface EdgeConfig {
  origins: Origins;
  /** The number of trusted proxies in front of the app, whose `X-Forwarded-For` names the client's address. */
  proxies: number;
}

const MAX_PROXIES = 8;

export function readEdgeConfig(reader: ConfigReader): EdgeConfig {
  return {
    origins: reader.parsed('CHASQUI_CORS_ORIGINS', 'local', parseOrigins),
    proxies: reader.parsed('CHASQUI_TRUST_PROXY', 'off', parseProxies),
  };
}

function parseProxies(text: string): number {
  if (text === 'off') return 0;
  if (text === 'on') return 1;
  const proxies = Number(text);
  if (Number.isInteger(proxies) && proxies >= 1 && proxies <= MAX_PROXIES) return proxies;
  throw new Error(`must be off, on, or the number of proxies, at most ${MAX_PROXIES}`);
}
