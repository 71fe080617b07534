import { randomBytes } from 'node:crypto';
import { link, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ImError } from '@chasqui/domain';
import type { CommonConfig } from './common-config.ts';
import { makeFolder } from './make-folder.ts';

/** A process's certificate for mutual TLS among processes, in PEM. */
export interface PeerCertificate {
  ca: Buffer;
  cert: Buffer;
  key: Buffer;
  /** The name that the certificates carry, where it is not the host of a peer's address. */
  serverName?: string;
}

/** What processes of one installation share and nobody else may know. */
export interface Secrets {
  /** Signs and checks HS256 tokens. */
  jwtSecret: string;
  /** Lets processes deliver to one another. */
  peerSecret: string;
  /** Absent: deliveries are not encrypted, as on one machine or a network of one's own. */
  peerTls?: PeerCertificate;
}

type KeptSecrets = Pick<Secrets, 'jwtSecret' | 'peerSecret'>;

const FILE = 'secrets.json';

/**
 * The installation's secrets: those given, else those kept in the data folder, else new ones that are kept there
 * (readable by the owner alone). Safe when several processes start at once: the first one's are everybody's.
 * Errors: `config_invalid` when a certificate file cannot be read or the data folder cannot be used.
 */
export async function loadSecrets(config: CommonConfig): Promise<Secrets> {
  const { dataDir, jwtSecret, peerSecret } = config;
  const peerTls = await loadCertificate(config);
  const kept = jwtSecret !== undefined && peerSecret !== undefined ? null : await keptSecrets(dataDir);
  return {
    jwtSecret: jwtSecret ?? kept?.jwtSecret ?? '',
    peerSecret: peerSecret ?? kept?.peerSecret ?? '',
    ...(peerTls === undefined ? {} : { peerTls }),
  };
}

async function keptSecrets(dataDir: string): Promise<KeptSecrets> {
  await makeFolder(dataDir).catch((error: Error) => {
    const message = `the data folder ${dataDir} cannot be used: ${error.message}`;
    throw new ImError('config_invalid', message, { field: 'dataDir' }, error);
  });
  const path = join(dataDir, FILE);
  const draft = `${path}.${process.pid}`;
  const made: KeptSecrets = { jwtSecret: secret(), peerSecret: secret() };
  // A link appears whole or not at all: nobody reads half a file.
  await writeFile(draft, JSON.stringify(made), { mode: 0o600 });
  await link(draft, path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'EEXIST') throw error;
  });
  await rm(draft);
  return JSON.parse(await readFile(path, 'utf8')) as KeptSecrets;
}

async function loadCertificate({ peerTls }: CommonConfig): Promise<PeerCertificate | undefined> {
  if (peerTls === undefined) return undefined;
  const read = async (path: string) => {
    try {
      return await readFile(path);
    } catch (error) {
      throw new ImError('config_invalid', `the certificate file ${path} cannot be read`, {}, error);
    }
  };
  const { serverName } = peerTls;
  const [ca, cert, key] = await Promise.all([read(peerTls.ca), read(peerTls.cert), read(peerTls.key)]);
  return { ca, cert, key, ...(serverName === undefined ? {} : { serverName }) };
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

/** What the peer link takes of them. */
export function peerCredentials({ peerSecret, peerTls }: Secrets): { secret: string; tls?: PeerCertificate } {
  return { secret: peerSecret, ...(peerTls === undefined ? {} : { tls: peerTls }) };
}
