import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { LocalEngine } from '../../../../../deploy/engines/engine.ts';
import { EngineLife } from '../../../../../deploy/engines/life.ts';

/**
 * A private server for one test file, which may kill it without disturbing other users of the engine. Removed
 * afterwards, unless it is given a folder to keep.
 */
export function privateEngine(engine: LocalEngine, kept?: string): { life: EngineLife; url: string } {
  const folder = kept ?? mkdtempSync(join(tmpdir(), 'chasqui-mysql-'));
  const life = new EngineLife(engine, folder, () => {});
  beforeAll(() => life.start());
  afterAll(async () => {
    await life.kill();
    if (kept === undefined) rmSync(folder, { recursive: true, force: true });
  });
  return { life, url: engine.settings.CHASQUI_MYSQL_URL ?? '' };
}
