import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type BlobsConfig, openBlobs } from '@chasqui/blobs';
import { DEFAULT_LIMITS, defined, ImError } from '@chasqui/domain';
import {
  type BackupSource,
  connectEmbeddedEngines,
  isArchive,
  type MadeBackup,
  makeBackup,
  openArchive,
  openEmbeddedEngines,
  restoreBackup,
  verifyBackups,
} from '@chasqui/embedded';
import {
  ALL_ROLES,
  checkEngines,
  type EnginesConfig,
  engineOf,
  needsEmbedded,
  openEngines,
  readEnginesConfig,
  setupEngines,
} from '@chasqui/engines';
import {
  type CommonConfig,
  ConfigReader,
  type Environment,
  type Finding,
  findEngineNetwork,
  type Logger,
  systemClock,
  systemRandom,
} from '@chasqui/kit';
import type { BlobStore, Engines, TokenIssuer } from '@chasqui/ports';
import { createTokenIssuer } from '@chasqui/tokens';

const PARTS = { clock: systemClock, random: systemRandom };
/** The timeout of a server's answer on its socket, in ms. */
const SERVER_ANSWERS_MS = 5_000;

/**
 * The engines that an environment names, with `embedded` for the roles without one. `evenMoved`: see `openEngines`.
 */
export function playedBy(
  env: Environment,
  embedded: (mayBeAway: boolean) => Promise<Engines & AsyncDisposable>,
  logger: Logger,
  evenMoved = false,
): Promise<Engines & AsyncDisposable> {
  return openEngines({ config: enginesConfig(env), roles: ALL_ROLES, embedded, logger, evenMoved, ...PARTS });
}

/**
 * Opens the engines of an installation for the duration of a command. The embedded ones are used at their address on
 * another machine, through a running server's socket in the data folder or, without a server, opened in this process.
 */
export function useEngines(env: Environment, common: CommonConfig, logger: Logger): Promise<Engines & AsyncDisposable> {
  return playedBy(env, () => embeddedEngines(common, logger), logger);
}

/**
 * Opens the engines of an installation for a move: those of its own in this process, so that no server may run on its
 * folder. `isNew`: the folder may be empty. Errors: `config_invalid`.
 */
export function useEnginesOfMove(
  env: Environment,
  { dataDir }: CommonConfig,
  { logger, isNew }: { logger: Logger; isNew: boolean },
): Promise<Engines & AsyncDisposable> {
  const embedded = async () => {
    if (!isNew && !existsSync(join(dataDir, 'store.db')))
      throw new ImError('config_invalid', `${dataDir} has no data of a server`, { field: 'dataDir' });
    return openEmbeddedEngines({ ...PARTS, dataDir, logger, evenMoved: true });
  };
  return playedBy(env, embedded, logger, true);
}

/** The engines of an installation whose apps run, as they use them; null: none does. */
export async function enginesOfRunning(
  env: Environment,
  { engineSocket }: CommonConfig,
  logger: Logger,
): Promise<(Engines & AsyncDisposable) | null> {
  const parts = { path: engineSocket, connectTimeoutMs: SERVER_ANSWERS_MS, ...PARTS, logger };
  if (needsEmbedded(enginesConfig(env))) {
    if (!existsSync(engineSocket)) return null;
    try {
      return await playedBy(env, () => connectEmbeddedEngines(parts), logger, true);
    } catch (error) {
      // A killed server leaves its socket behind.
      if (ImError.from(error).code === 'engine_unavailable') return null;
      throw error;
    }
  }
  const engines = await playedBy(env, () => connectEmbeddedEngines(parts), logger, true);
  if ((await engines.nodes.live()).length > 0) return engines;
  await engines[Symbol.asyncDispose]();
  return null;
}

/** The blob store of an installation. */
export function useBlobs(config: BlobsConfig): Promise<BlobStore> {
  return openBlobs(config, PARTS);
}

/** The files of an installation's own. */
export interface OwnFiles {
  common: CommonConfig;
  /** Absent: pictures are in another store, and not part of a backup. */
  picturesFolder?: string;
  logger: Logger;
}

/** Copies them into a folder of backups, from a running or a stopped server; `keep` and errors: see `makeBackup`. */
export async function backUp(
  { common, logger, ...files }: OwnFiles,
  { to, keep }: { to: string; keep?: number },
): Promise<MadeBackup> {
  await using source = await localEngines(common, logger);
  const kept = defined({ keep });
  return await makeBackup({ source, dataDir: common.dataDir, ...files, to, ...kept, now: systemClock.now() });
}

/** Reads all backups of a folder; see `verifyBackups`. Errors: `config_invalid` for a folder without backups. */
export async function verifyAll(folder: string) {
  if (!(await isArchive(folder))) {
    throw new ImError('config_invalid', `${folder} is not a folder of backups of this version`, { field: 'folder' });
  }
  await using archive = await openArchive(folder);
  return await verifyBackups(archive, folder);
}

/** Replaces them by a backup; see `restoreBackup`. */
export function restore({ common, logger: _logger, ...files }: OwnFiles, backup: string, name?: string) {
  const chosen = defined({ name });
  return restoreBackup({ backup, ...chosen, dataDir: common.dataDir, ...files, now: systemClock.now() });
}

/**
 * Accepts the files of a stopped server as they are; `setAside`: see `EmbeddedEngines`. Errors: those of opening them,
 * and `config_invalid` without any files.
 */
export async function takeAsTheyAre({ common: { dataDir }, logger }: OwnFiles): Promise<{ setAside: string | null }> {
  if (!['store.db', 'bus.db'].some((file) => existsSync(join(dataDir, file)))) {
    throw new ImError('config_invalid', `${dataDir} has no data of a server`, { field: 'dataDir' });
  }
  const engines = await openEmbeddedEngines({ ...PARTS, dataDir, logger, forget: true });
  await engines[Symbol.asyncDispose]();
  return { setAside: engines.setAside };
}

async function embeddedEngines(common: CommonConfig, logger: Logger): Promise<Engines & AsyncDisposable> {
  const network = await findEngineNetwork(common);
  if (network === undefined) return localEngines(common, logger);
  const { engineSocket: path } = common;
  return connectEmbeddedEngines({ path, network, connectTimeoutMs: SERVER_ANSWERS_MS, logger, ...PARTS });
}

/**
 * Of this machine. Errors: `config_invalid` without a server or its files, and with those of another version: a command creates no new
 * installation and upgrades none.
 */
async function localEngines(
  { dataDir, engineSocket }: CommonConfig,
  logger: Logger,
): Promise<Engines & BackupSource & AsyncDisposable> {
  const shared = { ...PARTS, logger };
  const isUsed = existsSync(join(dataDir, 'store.db'));
  if (existsSync(engineSocket)) {
    try {
      return await connectEmbeddedEngines({ path: engineSocket, connectTimeoutMs: SERVER_ANSWERS_MS, ...shared });
    } catch (error) {
      // A killed server leaves its socket behind; one of another version is running.
      if (!isUsed || ImError.from(error).code === 'config_invalid') throw error;
    }
  }
  if (!isUsed) {
    const hint = 'start a server (npm start), or name another data folder with --data <dir>';
    throw new ImError('config_invalid', `no server is running on ${dataDir}, and the folder has no data: ${hint}`);
  }
  return openEmbeddedEngines({ dataDir, dedupWindowMs: DEFAULT_LIMITS.dedupWindowMs, ...shared });
}

export interface ChosenEngines {
  /** Which engine plays each role. */
  roles: { role: string; engine: string }[];
  /** Whether any role is played by the embedded engines. */
  embedded: boolean;
  /** Sets up the cluster engines. `say` is called for each step. `newEpoch`: see `setupEngines`. */
  setup(say: (line: string) => void, newEpoch?: boolean): Promise<void>;
}

/** Errors: `config_invalid`, which lists every fault. */
export function chosenEngines(env: Environment, logger: Logger): ChosenEngines {
  const config = enginesConfig(env);
  return {
    roles: ALL_ROLES.map((role) => ({ role, engine: engineOf(config, role) })),
    embedded: needsEmbedded(config),
    setup: (say, newEpoch = false) =>
      setupEngines(config, { ...PARTS, logger, newEpoch, onStep: (what) => say(`Setting up ${what}`) }),
  };
}

/** What `chasqui doctor` says of the cluster engines. Errors: `config_invalid`, which lists every fault. */
export function examineEngines(env: Environment): Promise<Finding[]> {
  return checkEngines(enginesConfig(env), PARTS);
}

function enginesConfig(env: Environment): EnginesConfig {
  const reader = new ConfigReader(env);
  return reader.finish(readEnginesConfig(reader));
}

/** Signs with the installation's own secret. */
export function tokenIssuer({ jwtIssuer, jwtAudience }: CommonConfig, jwtSecret: string, ttlS: number): TokenIssuer {
  return createTokenIssuer({
    secret: jwtSecret,
    clock: systemClock,
    accessTtlS: ttlS,
    refreshTtlS: ttlS,
    ...defined({ issuer: jwtIssuer, audience: jwtAudience }),
  });
}
