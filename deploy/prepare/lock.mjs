import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { setTimeout as wait } from 'node:timers/promises';

function isAlive(pid) {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return error.code === 'EPERM';
  }
}

/** Creates the file `path` with this process's id; waits while another living process has it. The caller removes it. */
export async function holdLock(path) {
  for (let told = false; ; await wait(200)) {
    try {
      writeFileSync(path, String(process.pid), { flag: 'wx' });
      return;
    } catch (error) {
      if (error.code !== 'EEXIST') throw error;
    }
    const holder = Number(readOrEmpty(path));
    if (holder > 0 && !isAlive(holder)) rmSync(path, { force: true });
    else if (!told) {
      console.error(`chasqui: another process prepares this folder; waiting for it to remove ${path}`);
      told = true;
    }
  }
}

function readOrEmpty(path) {
  try {
    return readFileSync(path, 'utf8');
  } catch {
    return '';
  }
}
