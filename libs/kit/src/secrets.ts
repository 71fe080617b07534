import { randomBytes } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defined, ImError } from '@chasqui/domain';
import type { CommonConfig } from './common-config.ts';
import { openDataFolder, unusable } from './data-folder.ts';

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
/** Characters of a secret; those that are made here have 43. */
const MIN_LENGTH = 16;

/**
 * The installation's secrets: those given, else those kept in the data folder, else new ones that are kept there
 * (readable by the owner alone). Safe when several processes start at once: the first one's are everybody's.
 * Errors: `config_invalid`, with the path, when a certificate file cannot be read, the data folder cannot be used, or the
 * kept secrets are damaged.
 */
export async function loadSecrets(config: CommonConfig): Promise<Secrets> {
  const { dataDir, jwtSecret, peerSecret } = config;
  const peerTls = await loadCertificate(config);
  const kept = jwtSecret !== undefined && peerSecret !== undefined ? null : await keptSecrets(dataDir);
  return {
    jwtSecret: jwtSecret ?? kept?.jwtSecret ?? '',
    peerSecret: peerSecret ?? kept?.peerSecret ?? '',
    ...defined({ peerTls }),
  };
}

/**
 * What signs the installation's tokens: given, or kept in the data folder. Null: neither, and none is made, as a client's
 * own would fit no server. Errors: as those of `loadSecrets`.
 */
export async function findJwtSecret({ dataDir, jwtSecret }: CommonConfig): Promise<string | null> {
  if (jwtSecret !== undefined) return jwtSecret;
  const path = join(dataDir, FILE);
  try {
    return (await readSecrets(path))?.jwtSecret ?? null;
  } catch (error) {
    throw error instanceof ImError ? error : unusable(path, error);
  }
}

async function keptSecrets(dataDir: string): Promise<KeptSecrets> {
  await openDataFolder(dataDir);
  const path = join(dataDir, FILE);
  try {
    return (await readSecrets(path)) ?? (await makeSecrets(path));
  } catch (error) {
    throw error instanceof ImError ? error : unusable(path, error);
  }
}

/** Null: there are none yet. */
async function readSecrets(path: string): Promise<KeptSecrets | null> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null;
    throw error;
  });
  return text === null ? null : parsed(text, path);
}

function parsed(text: string, path: string): KeptSecrets {
  try {
    const { jwtSecret, peerSecret } = JSON.parse(text) as { [name: string]: unknown };
    if (isSecret(jwtSecret) && isSecret(peerSecret)) return { jwtSecret, peerSecret };
  } catch {
    // No JSON: told below. What the file holds is secret, also where it is damaged.
  }
  const wayOut =
    'restore it from a backup, or remove it: the server then creates new secrets, and all users have to log in again';
  throw new ImError('config_invalid', `${path} is damaged: ${wayOut}`, { field: 'dataDir' });
}

function isSecret(value: unknown): value is string {
  return typeof value === 'string' && value.length >= MIN_LENGTH;
}

/** Made by this process so far: two calls at once must not share a draft. */
let drafts = 0;

/** New ones, or those that another process made meanwhile. */
async function makeSecrets(path: string): Promise<KeptSecrets> {
  const draft = `${path}.${process.pid}-${++drafts}`;
  try {
    const file = await open(draft, 'w', 0o600);
    try {
      await file.writeFile(JSON.stringify({ jwtSecret: secret(), peerSecret: secret() } satisfies KeptSecrets));
      await file.sync();
    } finally {
      await file.close();
    }
    // A link appears whole or not at all: nobody reads half a file.
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  return parsed(await readFile(path, 'utf8'), path);
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
  return { ca, cert, key, ...defined({ serverName }) };
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

/** What the peer link takes of them. */
export function peerCredentials({ peerSecret, peerTls }: Secrets): { secret: string; tls?: PeerCertificate } {
  return { secret: peerSecret, ...defined({ tls: peerTls }) };
}
