import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { chosenEngines, playedBy } from '@chasqui/app-cli/engines';
import { moveInstallation } from '@chasqui/core';
import { silentLogger } from '@chasqui/kit';
import type { Engines } from '@chasqui/ports';
import { expect, onTestFinished, test } from 'vitest';
import { contentOf, fill, openFolder, PARTS } from '../cli/moved-data.ts';
import { createInstallation } from './installation.ts';

for (const set of ['classic', 'large'] as const) {
  test(`C3, C4, C8, C10: data move from the embedded engines to the ${set} set and back, and are the same`, {
    timeout: 300_000,
  }, async () => {
    const root = mkdtempSync(join(tmpdir(), 'chasqui-moves-'));
    onTestFinished(() => rmSync(root, { recursive: true, force: true }));
    await using installation = await createInstallation(set);
    const { env } = installation;
    await chosenEngines(env, silentLogger).setup(() => {});
    const open = () => playedBy(env, () => openFolder(join(root, 'beside')), silentLogger, true);
    const move = async (from: Engines, to: Engines) => {
      const totals = await moveInstallation({ from, to, names: { from: 'a', to: 'b' }, ...PARTS, tell: () => {} });
      expect(totals.filter(({ isEqual }) => !isEqual)).toEqual([]);
      await to.movable.setNote(null);
    };
    await using first = await openFolder(join(root, 'first'));
    await using middle = await open();
    await using last = await openFolder(join(root, 'last'));
    await fill(first, 1_200);
    const content = await contentOf(first);
    await move(first, middle);
    expect(await contentOf(middle)).toEqual(content);
    await move(middle, last);
    expect(await contentOf(last)).toEqual(content);
    await expect(playedBy(env, () => openFolder(join(root, 'other')), silentLogger)).rejects.toMatchObject({
      code: 'config_invalid',
    });
  });
}
