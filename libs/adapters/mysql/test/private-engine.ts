import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll } from 'vitest';
import type { LocalEngine } from '../../../../deploy/engines/engine.ts';
import { EngineLife } from '../../../../deploy/engines/life.ts';
import { mariadbOn } from '../../../../deploy/engines/mysql.ts';

/** A server of a test file's own, which it may kill: what else works with the engine on this machine feels nothing. */
export function privateEngine(
  port: number,
  make: (port: number) => LocalEngine = mariadbOn,
): { life: EngineLife; url: string } {
  const folder = mkdtempSync(join(tmpdir(), 'chasqui-mysql-'));
  const engine = make(port);
  const life = new EngineLife(engine, folder, () => {});
  beforeAll(() => life.start());
  afterAll(async () => {
    await life.kill();
    rmSync(folder, { recursive: true, force: true });
  });
  return { life, url: engine.settings.CHASQUI_MYSQL_URL ?? '' };
}
