import { randomBytes } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** What processes of one installation share and nobody else may know. */
export interface Secrets {
  /** Signs and checks HS256 tokens. */
  jwtSecret: string;
  /** Lets processes deliver to one another. */
  peerSecret: string;
}

const FILE = 'secrets.json';

/**
 * The installation's secrets: those given, else those kept in the data folder, else new ones that are kept there
 * (readable by the owner alone). Safe when several processes start at once: the first writer wins.
 */
export async function loadSecrets(dataDir: string, given: Partial<Secrets>): Promise<Secrets> {
  if (given.jwtSecret !== undefined && given.peerSecret !== undefined) {
    return { jwtSecret: given.jwtSecret, peerSecret: given.peerSecret };
  }
  await mkdir(dataDir, { recursive: true });
  const path = join(dataDir, FILE);
  const made: Secrets = { jwtSecret: secret(), peerSecret: secret() };
  try {
    await writeFile(path, JSON.stringify(made), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  const kept = JSON.parse(await readFile(path, 'utf8')) as Secrets;
  return { jwtSecret: given.jwtSecret ?? kept.jwtSecret, peerSecret: given.peerSecret ?? kept.peerSecret };
}

function secret(): string {
  return randomBytes(32).toString('base64url');
}
