import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { silentLogger } from '@chasqui/kit';
import sharp from 'sharp';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { blackPng } from '../testing/samples.ts';
import type { MediaBounds } from './bounds.ts';
import { openMediaFiles } from './open-media-files.ts';

const MIB = 1024 * 1024;
/** More than anything here takes: a bound that ends nothing. */
const NO_END = { ms: 120_000, bytes: 8_192 * MIB };
/** Each case changes one of them, so that nothing else can have ended the job. */
const WIDE: Partial<MediaBounds> = {
  pictureTimeoutMs: NO_END.ms,
  ffmpegTimeoutMs: NO_END.ms,
  pictureMemoryBytes: NO_END.bytes,
  ffmpegMemoryBytes: NO_END.bytes,
};
const folder = mkdtempSync(join(tmpdir(), 'chasqui-bounds-'));
afterAll(() => rmSync(folder, { recursive: true }));

const files = (bounds: Partial<MediaBounds>) =>
  openMediaFiles({ folder, logger: silentLogger, bounds: { ...WIDE, ...bounds } });
async function look(opened: Awaited<ReturnType<typeof files>>, bytes: Uint8Array, type: string) {
  async function* pieces() {
    yield bytes;
  }
  await using file = await opened.open(pieces());
  const from = performance.now();
  const { media } = await file.look(type);
  return { media, ms: performance.now() - from };
}
function children(): number[] {
  const text = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8');
  return text.split(' ').filter(Boolean).map(Number);
}

describe('C16: pictures', () => {
  let large: Buffer;
  /** What an answer may be without its thumbnails: some milliseconds. */
  const small = blackPng(9, 9);
  beforeAll(async () => {
    const red = sharp({ create: { width: 7_000, height: 7_000, channels: 3, background: 'red' } });
    large = await red.webp({ quality: 1, effort: 0 }).toBuffer();
  });

  test('the bound of memory alone ends a job, and the next one is done', async () => {
    // Node itself reserves half a gigabyte of it.
    await using narrow = await files({ pictureMemoryBytes: 640 * MIB });
    const failed = await look(narrow, large, 'image/webp');
    // The decoder says so itself, or the process ends of it.
    expect(['timed_out', 'unreadable']).toContain(failed.media.omitted);
    expect(failed.ms).toBeLessThan(NO_END.ms);
    expect((await look(narrow, small, 'image/png')).media).toMatchObject({ width: 9 });
    await using wide = await files({});
    expect((await look(wide, large, 'image/webp')).media).toMatchObject({ width: 7_000 });
  }, 150_000);

  test('the bound of time alone ends a job with its process, and the next one is done', async () => {
    const pictureTimeoutMs = 5_000;
    await using hasty = await files({ pictureTimeoutMs });
    // The first one starts the process; on a busy machine that may take longer than a job is given.
    const done = { timeout: 60_000 };
    await expect.poll(async () => (await look(hasty, small, 'image/png')).media.width, done).toBe(9);
    const [running = expect.fail('there is no process')] = children();
    // As a picture that is decoded for ever, whatever the machine: it takes neither memory nor CPU.
    process.kill(running, 'SIGSTOP');
    const failed = await look(hasty, small, 'image/png');
    expect(failed.media).toEqual({ omitted: 'timed_out' });
    expect(failed.ms).toBeGreaterThanOrEqual(pictureTimeoutMs - 1);
    expect(failed.ms).toBeLessThan(NO_END.ms);
    await expect.poll(() => children().includes(running)).toBe(false);
    await expect.poll(async () => (await look(hasty, small, 'image/png')).media.width, done).toBe(9);
  }, 150_000);
});

describe('C16: videos', () => {
  const made = (...args: string[]) => {
    const path = join(folder, 'made.mp4');
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...args, path]);
    const bytes = readFileSync(path);
    rmSync(path);
    return bytes;
  };
  const film = () => made('-f', 'lavfi', '-i', 'testsrc=duration=1:size=640x360:rate=5', '-c:v', 'mpeg4');

  test('the bound of memory alone ends a run of ffmpeg', async () => {
    const bytes = film();
    await using narrow = await files({ ffmpegMemoryBytes: 8 * MIB });
    const failed = await look(narrow, bytes, 'video/mp4');
    expect(failed.media.omitted).toMatch(/^(?:unreadable|timed_out)$/);
    expect(failed.ms).toBeLessThan(NO_END.ms);
    await using wide = await files({});
    expect((await look(wide, bytes, 'video/mp4')).media).toMatchObject({ width: 640, thumbnails: [320] });
  }, 150_000);

  test('the bound of time alone ends a run of ffmpeg', async () => {
    const bytes = film();
    await using hasty = await files({ ffmpegTimeoutMs: 2 });
    expect((await look(hasty, bytes, 'video/mp4')).media).toEqual({ omitted: 'timed_out' });
    await expect.poll(children).toEqual([]);
    await using wide = await files({});
    expect((await look(wide, bytes, 'video/mp4')).media).toMatchObject({ width: 640 });
  }, 150_000);
});
