import { randomBytes } from 'node:crypto';
import { link, open, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { defined, ImError } from '@chasqui/domain';
import type { CommonConfig } from './common-config.ts';
import { openDataFolder, unusable } from './data-folder.ts';
import type { HostAndPort } from './engine-address-config.ts';
import { loadCertificate, type PeerCertificate } from './peer-certificate.ts';

/** The secrets that the processes of one installation share. */
export interface Secrets {
  /** Signs and checks HS256 tokens. */
  jwtSecret: string;
  /** Authenticates deliveries between processes. */
  peerSecret: string;
  /** Absent: deliveries are not encrypted; for a single machine or a private network. */
  peerTls?: PeerCertificate;
}

type KeptSecrets = Pick<Secrets, 'jwtSecret' | 'peerSecret'>;

const FILE = 'secrets.json';
/** Minimum length of a secret in characters; generated ones have 43. */
const MIN_LENGTH = 16;

/**
 * The installation's secrets: the configured ones, or those in the data folder, or new ones that are stored there
 * (readable by the owner only). Safe when several processes start at once: all use those of the first. Errors:
 * `config_invalid`, with the path, if a certificate file cannot be read, the data folder cannot be used, or the stored
 * secrets are damaged.
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
 * The secret that signs the installation's tokens: configured, or stored in the data folder. Null: there is none; a new
 * one is not made, as no server would know a client's own. Errors: those of `loadSecrets`.
 */
export async function findJwtSecret({ dataDir, jwtSecret }: CommonConfig): Promise<string | null> {
  return jwtSecret ?? (await storedSecrets(dataDir))?.jwtSecret ?? null;
}

/**
 * The address of the engines' process on another machine, and how this process is known there: by the configured secret,
 * or the one in the data folder. Undefined: the process is on this machine. Errors: `config_invalid` without a secret, and
 * those of `loadSecrets`; nothing is made.
 */
export async function findEngineNetwork(
  config: CommonConfig,
): Promise<(HostAndPort & { secret: string; tls?: PeerCertificate }) | undefined> {
  const { engineAddress, dataDir } = config;
  if (engineAddress === undefined) return undefined;
  const tls = await loadCertificate(config);
  const secret = config.peerSecret ?? (await storedSecrets(dataDir))?.peerSecret;
  if (secret !== undefined) return { ...engineAddress, secret, ...defined({ tls }) };
  throw new ImError('config_invalid', "CHASQUI_ENGINE_ADDRESS needs the CHASQUI_PEER_SECRET of the engines' process");
}

/** Null: none are stored; none are made. */
async function storedSecrets(dataDir: string): Promise<KeptSecrets | null> {
  const path = join(dataDir, FILE);
  try {
    return await readSecrets(path);
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

/** Null: no secrets are stored yet. */
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
    // Not JSON: reported below. The file's content is secret, even if it is damaged.
  }
  const wayOut =
    'restore it from a backup, or remove it: the server then creates new secrets, and all users have to log in again';
  throw new ImError('config_invalid', `${path} is damaged: ${wayOut}`, { field: 'dataDir' });
}

function isSecret(value: unknown): value is string {
  return typeof value === 'string' && value.length >= MIN_LENGTH;
}

/** Number of drafts made by this process: two concurrent calls must not share one. */
let drafts = 0;

/** Makes new secrets, or returns those that another process made meanwhile. */
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
    // A link is atomic, so no process reads half a file.
    await link(draft, path).catch((error: NodeJS.ErrnoException) => {
      if (error.code !== 'EEXIST') throw error;
    });
  } finally {
    await rm(draft, { force: true });
  }
  return parsed(await readFile(path, 'utf8'), path);
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}

/** The credentials of the peer link. */
export function peerCredentials({ peerSecret, peerTls }: Secrets): { secret: string; tls?: PeerCertificate } {
  return { secret: peerSecret, ...defined({ tls: peerTls }) };
}
