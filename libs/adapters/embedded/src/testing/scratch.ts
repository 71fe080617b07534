import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger, systemClock, systemRandom } from '@chasqui/kit';
import { afterAll } from 'vitest';
import type { EngineParts } from '../engine-parts.ts';

/** An engine that a test has open. */
export interface Opened<T> {
  subject: T;
  close(): Promise<void>;
  /** Ends it abruptly, as a crash of its process would. */
  abandon(): Promise<void>;
}

export const parts = { clock: systemClock, random: systemRandom, logger: silentLogger };

/** A folder that is removed after the file's tests. */
export function scratchFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'chasqui-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The harness of durable engines for a contract suite: each in a folder of its own. */
export function scratchHarness<T>(open: (parts: EngineParts) => Promise<Opened<T>>) {
  const folder = scratchFolder();
  let made = 0;
  let current: Opened<T> | undefined;
  const openIn = async (dataDir: string): Promise<T> => {
    current = await open({ ...parts, dataDir });
    return current.subject;
  };
  afterAll(() => current?.close());
  return {
    clock: systemClock,
    advance: (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms)),
    async create() {
      await current?.close();
      const dataDir = join(folder, String(++made));
      mkdirSync(dataDir);
      return openIn(dataDir);
    },
    async reopen() {
      await current?.abandon();
      return openIn(join(folder, String(made)));
    },
    /** Each case of a property opens a new engine. */
    propertyRuns: 5,
  };
}
