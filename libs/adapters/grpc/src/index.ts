export * from './near-peers.ts';
export type { PeerCredentials, PeerTls } from './peer-credentials.ts';
export * from './peer-link.ts';
export * from './peer-server.ts';
export * from './send-link.ts';
