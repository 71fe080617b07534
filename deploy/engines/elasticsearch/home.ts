import { createHash } from 'node:crypto';
import { chownSync, lstatSync, mkdirSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Ground } from '../engine.ts';

/** Elasticsearch refuses to run as root, so it runs as Debian's `nobody` in that case. */
const SERVICE_USER = { uid: 65534, gid: 65534 };

export interface Home {
  /** Owned by root, readable by every user. */
  programs: string;
  /** Owned by the user that Elasticsearch runs as. */
  config: string;
  data: string;
  scratch: string;
  /** The command prefix that switches to that user; empty if we are not root. */
  as: readonly string[];
}

/**
 * The folders of Elasticsearch. If we are root, it runs as another user, who may have no access to the checkout (below
 * /root, for example): then everything is under /var/tmp, in a folder whose name is derived from the checkout's path.
 */
export function homeOf(ground: Ground): Home {
  if (!isRoot()) return { ...pathsIn(ground), as: [] };
  const { uid, gid } = SERVICE_USER;
  const as = ['setpriv', `--reuid=${uid}`, `--regid=${gid}`, '--clear-groups'];
  return { ...(isOpenToAll(ground.programs) ? pathsIn(ground) : pathsBelow(outside(ground))), as };
}

/** Makes the folders. Errors: when the one under /var/tmp belongs to another user. */
export function makeHome(ground: Ground): Home {
  const home = homeOf(ground);
  if (home.programs !== ground.programs) {
    const base = outside(ground);
    mkdirSync(base, { recursive: true });
    const { uid, mode } = lstatSync(base);
    if (uid !== 0 || (mode & 0o022) !== 0) throw new Error(`${base} is not owned by root alone: remove it`);
    ground.say(`runs as nobody, who cannot enter ${ground.programs}: programs and data are in ${base}`);
  }
  for (const path of [home.programs, home.config, home.data, home.scratch]) mkdirSync(path, { recursive: true });
  if (isRoot()) {
    for (const path of [home.config, home.data, home.scratch]) chownSync(path, SERVICE_USER.uid, SERVICE_USER.gid);
  }
  return home;
}

function isRoot(): boolean {
  return process.getuid?.() === 0;
}

function pathsIn({ programs, config, data }: Pick<Ground, 'programs' | 'config' | 'data'>) {
  return { programs, config, data: join(data, 'indices'), scratch: join(data, 'scratch') };
}

function pathsBelow(base: string) {
  return pathsIn({ programs: join(base, 'programs'), config: join(base, 'config'), data: join(base, 'data') });
}

function outside({ programs }: Ground): string {
  return `/var/tmp/chasqui-elasticsearch-${createHash('sha256').update(programs).digest('hex').slice(0, 12)}`;
}

/** Whether every user may enter a folder and all of its parents. */
function isOpenToAll(path: string): boolean {
  if ((statSync(path).mode & 0o001) === 0) return false;
  return path === dirname(path) || isOpenToAll(dirname(path));
}
