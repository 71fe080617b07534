import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { expect, onTestFinished, test } from 'vitest';
import { connectEmbeddedEngines, openEmbeddedEngines, restoreBackup } from '../index.ts';
import { expectCounted, expectDelivered, expectRecorded, expectStored } from '../testing/acked-state.ts';
import { type Acked, ackedIn, only } from '../testing/kill-journal.ts';
import { parts, scratchFolder } from '../testing/scratch.ts';
import { makeBackup } from './make-backup.ts';

const BACKUPS = 4;
const root = scratchFolder();
const [dataDir, to] = [join(root, 'data'), join(root, 'backups')];
const writer = fileURLToPath(new URL('../testing/kill-writer.ts', import.meta.url));

test('C1, C2, C3, C5, C8, C10: each of several backups under load has what was acked before it began', async () => {
  const path = join(root, 'engine.sock');
  const child = spawn(process.execPath, [writer, dataDir, '0', path], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => {
    output += text;
  });
  await expect.poll(() => output.length, { timeout: 20_000 }).toBeGreaterThan(0);
  const made: { name: string; acked: Acked[] }[] = [];
  {
    await using source = await connectEmbeddedEngines({ ...parts, path });
    for (let n = 0; n < BACKUPS; n++) {
      const length = output.length;
      await expect.poll(() => output.length, { timeout: 20_000 }).toBeGreaterThan(length + 200_000);
      const acked = ackedIn(output);
      made.push({ acked, name: (await makeBackup({ source, dataDir, to, now: n })).name });
    }
  }
  child.kill('SIGKILL');
  await once(child, 'exit');
  for (const { name, acked } of made) {
    expect(only(acked, 'recorded').length).toBeGreaterThan(10);
    const restored = join(root, name);
    await restoreBackup({ backup: to, name, dataDir: restored, now: 9 });
    await using engines = await openEmbeddedEngines({ ...parts, dataDir: restored });
    await expectRecorded(engines, acked);
    await expectCounted(engines, []);
    await expectStored(engines, acked);
    await expectDelivered(engines, acked);
  }
}, 120_000);
