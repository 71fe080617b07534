import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parsePidRecord, readPidFile, writePidFile } from '../../deploy/engines/pid-file.ts';
import { identify, parseStat, stateOf } from '../../deploy/engines/process-identity.ts';

const PATIENT = { timeout: 15_000 };

const STAT = '4242 (a (b) c) S 1 4242 4242 0 -1 4194560 100 0 0 0 1 2 0 0 20 0 1 0 987654 1000 2000';

describe('identity of a process', () => {
  it('reads the start time behind a name with blanks and parentheses', () => {
    expect(parseStat(STAT)).toEqual({ state: 'S', group: 4242, started: '987654' });
    expect(parseStat('')).toBeNull();
    expect(parseStat('4242 (cut')).toBeNull();
  });

  it('knows this process, and takes another start time or another boot for another process', () => {
    const own = identify(process.pid);
    if (own === null) throw new Error('this process is not found');
    expect(stateOf(own)).toBe('running');
    expect(stateOf({ ...own, started: String(Number(own.started) - 1) })).toBeNull();
    expect(stateOf({ ...own, boot: 'another' })).toBeNull();
  });

  it('sees a process frozen, going on, and gone', async () => {
    const child = spawn(process.execPath, ['-e', 'setInterval(() => {}, 1000)'], { stdio: 'ignore' });
    await once(child, 'spawn');
    const identity = identify(child.pid ?? 0);
    if (identity === null) throw new Error('the child is not found');
    child.kill('SIGSTOP');
    await expect.poll(() => stateOf(identity), PATIENT).toBe('frozen');
    child.kill('SIGCONT');
    await expect.poll(() => stateOf(identity), PATIENT).toBe('running');
    child.kill('SIGKILL');
    await expect.poll(() => stateOf(identity), PATIENT).toBeNull();
  });
});

describe('pid file', () => {
  const record = { pid: 4242, started: '987654', boot: 'b', since: '2026-01-01T00:00:00.000Z' };

  it('keeps a record, and takes anything else for none', () => {
    const folder = mkdtempSync(join(tmpdir(), 'chasqui-pid-'));
    const path = join(folder, 'redis.json');
    try {
      expect(readPidFile(path)).toBeNull();
      writePidFile(path, record);
      expect(readPidFile(path)).toEqual(record);
      writeFileSync(path, '{"pid":42');
      expect(readPidFile(path)).toBeNull();
    } finally {
      rmSync(folder, { recursive: true });
    }
  });

  it.each(['4242', 'null', '{}', JSON.stringify({ ...record, pid: 1 }), JSON.stringify({ ...record, pid: '4242' })])(
    'takes %s for no record: nothing is ever signalled by it',
    (text) => expect(parsePidRecord(text)).toBeNull(),
  );
});
