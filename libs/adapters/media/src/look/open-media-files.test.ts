import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Logger, silentLogger } from '@chasqui/kit';
import type { MediaLook } from '@chasqui/ports';
import sharp from 'sharp';
import { afterAll, describe, expect, test } from 'vitest';
import { blackPng, gif, wav } from '../testing/samples.ts';
import { DEFAULT_MEDIA_BOUNDS, type MediaBounds } from './bounds.ts';
import { openMediaFiles } from './open-media-files.ts';

const folder = mkdtempSync(join(tmpdir(), 'chasqui-media-'));
afterAll(() => rmSync(folder, { recursive: true }));
const open = (bounds: Partial<MediaBounds> = {}, logger: Logger = silentLogger) =>
  openMediaFiles({ folder, logger, bounds });
type Files = Awaited<ReturnType<typeof open>>;

async function* piecesOf(bytes: Uint8Array) {
  for (let at = 0; at < bytes.length; at += 60_000) yield bytes.subarray(at, at + 60_000);
}
async function lookAt(files: Files, bytes: Uint8Array, type: string): Promise<MediaLook> {
  await using file = await files.open(piecesOf(bytes));
  // Awaited before the file is gone.
  return await file.look(type);
}
/** The processes that this one has started. */
function children(): number[] {
  const text = readFileSync(`/proc/${process.pid}/task/${process.pid}/children`, 'utf8');
  return text.split(' ').filter(Boolean).map(Number);
}
/** The one that decodes pictures. */
function pictureProcess(): number {
  const found = children().find((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes('picture-worker'));
  return found ?? expect.fail('there is no picture process');
}
const photo = (orientation = 6) =>
  sharp({ create: { width: 2000, height: 1000, channels: 3, background: '#c03020' } }).withMetadata({ orientation });

describe('pictures', () => {
  test.each([
    ['image/jpeg', () => photo().jpeg()],
    ['image/png', () => photo().png()],
    ['image/webp', () => photo().webp()],
    ['image/avif', () => photo(1).rotate(90).resize(1000, 2000).avif({ effort: 0 })],
  ])(
    'of a %s there are sides as it is shown, a blurred picture, and thumbnails without metadata',
    async (type, made) => {
      await using files = await open();
      const { media, thumbnails } = await lookAt(files, await made().toBuffer(), type);
      expect(media).toEqual({ width: 1000, height: 2000, thumbHash: expect.any(String), thumbnails: [320, 1280] });
      for (const { size, bytes } of thumbnails) {
        const { format, width, height, exif, icc } = await sharp(bytes).metadata();
        expect([format, width, height, exif, icc]).toEqual(['webp', size / 2, size, undefined, undefined]);
        const { dominant } = await sharp(bytes).stats();
        expect([dominant.r > 150, dominant.b < 90]).toEqual([true, true]);
      }
    },
  );

  test('squares are the middle of a picture as it is shown, of each size or as large as it is, without metadata', async () => {
    await using files = await open();
    expect(files.hasPictures).toBe(true);
    for (const [bytes, sides] of [
      [await photo().jpeg().toBuffer(), [128, 512]],
      [await photo(1).resize(300, 150).webp().toBuffer(), [128, 150]],
      [gif(3, 4), [3, 3]],
    ] as const) {
      await using file = await files.open(piecesOf(bytes));
      const type =
        bytes.toString('latin1', 0, 3) === 'GIF' ? 'image/gif' : bytes[0] === 0xff ? 'image/jpeg' : 'image/webp';
      const { media, thumbnails } = await file.squares(type);
      expect(thumbnails.map(({ size }) => size)).toEqual([128, 512]);
      expect(media.thumbnails).toBeUndefined();
      const made = await Promise.all(thumbnails.map(({ bytes: square }) => sharp(square).metadata()));
      expect(made.map(({ format, width, height, exif, pages = 1 }) => [format, width, height, exif, pages])).toEqual(
        sides.map((side) => ['webp', side, side, undefined, 1]),
      );
    }
  });

  test('of a wide picture the square shows the middle', async () => {
    await using files = await open();
    const middle = await sharp({ create: { width: 600, height: 600, channels: 3, background: '#2030c0' } })
      .png()
      .toBuffer();
    const wide = photo(1)
      .resize(2000, 600)
      .composite([{ input: middle, left: 700, top: 0 }]);
    await using file = await files.open(piecesOf(await wide.png().toBuffer()));
    const { thumbnails } = await file.squares('image/png');
    for (const { bytes } of thumbnails) {
      const { channels } = await sharp(bytes).removeAlpha().stats();
      expect(channels.map(({ mean }) => Math.round(mean / 16))).toEqual([2, 3, 12]);
    }
  });

  test('a small picture is its own thumbnail; an animated one says so, and stays whole', async () => {
    await using files = await open();
    const small = await lookAt(files, await photo(1).resize(320, 160).jpeg().toBuffer(), 'image/jpeg');
    expect([small.media, small.thumbnails]).toMatchObject([{ width: 320, height: 160 }, []]);
    expect(small.media.thumbnails).toBeUndefined();
    expect((await lookAt(files, gif(3, 4), 'image/gif')).media).toMatchObject({ width: 3, height: 3, animated: true });
    expect((await lookAt(files, gif(3, 1), 'image/gif')).media.animated).toBeUndefined();
  });

  test.each([
    ['256 million pixels in 40 kB', blackPng(16_000, 16_000), 'image/png', 'too_large'],
    ['four billion pixels that are not there', blackPng(60_000, 60_000, 1), 'image/png', 'too_large'],
    ['more bytes than are decoded', Buffer.alloc(200_001), 'image/png', 'too_large'],
    ['a PNG of which half is missing', blackPng(2_000, 2_000, 1_000), 'image/png', 'unreadable'],
    ['a page that begins as a JPEG', Buffer.from('\xff\xd8\xff<script>', 'latin1'), 'image/jpeg', 'unreadable'],
    [
      'a drawing with links, called a picture',
      Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"/>'),
      'image/png',
      'unreadable',
    ],
    ['what nothing here decodes', Buffer.from('????ftypheic'), 'image/heic', 'unavailable'],
  ])('C15: of %s the reason is told, and the next picture is looked at', async (_, bytes, type, omitted) => {
    await using files = await open({ maxPictureBytes: 200_000 });
    expect(await lookAt(files, bytes, type)).toEqual({ media: { omitted }, thumbnails: [] });
    expect((await lookAt(files, blackPng(400, 4), 'image/png')).media).toMatchObject({ width: 400, thumbnails: [320] });
  });

  test('C16: a GIF of fifty thousand frames costs as much as its first ones', async () => {
    await using files = await open();
    const from = performance.now();
    expect((await lookAt(files, gif(500, 50_000), 'image/gif')).media).toMatchObject({ animated: true, width: 500 });
    expect(performance.now() - from).toBeLessThan(DEFAULT_MEDIA_BOUNDS.pictureTimeoutMs);
  });

  test('a process that is killed is replaced, so is one that has had its jobs, and an idle one ends', async () => {
    await using files = await open({ maxJobs: 2, idleMs: 100 });
    const look = () => lookAt(files, blackPng(9, 9), 'image/png');
    expect((await look()).media.width).toBe(9);
    const first = pictureProcess();
    process.kill(first, 'SIGKILL');
    await expect.poll(() => existsSync(`/proc/${first}`)).toBe(false);
    expect((await Promise.all([look(), look(), look()])).map(({ media }) => media.width)).toEqual([9, 9, 9]);
    await expect.poll(children).toEqual([]);
  });

  test('the process has no secrets, no network, and writes no files', async () => {
    await using files = await open();
    await lookAt(files, blackPng(9, 9), 'image/png');
    const pid = pictureProcess();
    expect(readFileSync(`/proc/${pid}/environ`, 'utf8')).toBe('');
    const devices = [...readFileSync(`/proc/${pid}/net/dev`, 'utf8').matchAll(/^ *(\w+):/gm)].map(([, name]) => name);
    expect(devices).toEqual(['lo']);
    expect(readFileSync(`/proc/${pid}/limits`, 'utf8')).toMatch(/^Max file size +0 /m);
    expect(readFileSync(`/proc/${pid}/limits`, 'utf8')).toMatch(/^Max data size +1342177280 /m);
  });

  test('C16: so many files wait, one is looked at, and more are told to come again', async () => {
    await using files = await open({ maxWaiting: 2 });
    const looks = await Promise.allSettled([1, 2, 3].map(() => lookAt(files, blackPng(99, 99), 'image/png')));
    expect(looks.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    const refused = looks.find(({ status }) => status === 'rejected');
    expect(refused).toMatchObject({ reason: { code: 'overloaded' } });
  });
});

describe('videos and sounds', () => {
  const made = (name: string, ...args: string[]) => {
    const path = join(folder, name);
    execFileSync('ffmpeg', ['-v', 'error', '-y', ...args, path]);
    const bytes = readFileSync(path);
    rmSync(path);
    return bytes;
  };
  const colours = ['-f', 'lavfi', '-i', 'testsrc=duration=2:size=640x360:rate=10'];

  test('of a video there are sides as it is shown, its duration, and a picture', async () => {
    await using files = await open();
    const film = made('a.mp4', ...colours, '-c:v', 'mpeg4');
    const { media, thumbnails } = await lookAt(files, film, 'video/mp4');
    expect(media).toMatchObject({ width: 640, height: 360, durationMs: 2000, thumbnails: [320] });
    expect(media.thumbHash).toBeDefined();
    expect((await sharp(thumbnails[0]?.bytes).metadata()).height).toBe(180);
    // The matrix of the track's head: a quarter turn.
    const upright = Buffer.from(film);
    const matrix = upright.indexOf('tkhd') + 44;
    for (const [n, value] of [0, 0x10000, 0, -0x10000, 0].entries()) upright.writeInt32BE(value, matrix + n * 4);
    expect((await lookAt(files, upright, 'video/mp4')).media).toMatchObject({ width: 360, height: 640 });
  });

  test('of a sound there are its duration and how loud it is, also if it does not say how long it is', async () => {
    await using files = await open();
    const { media } = await lookAt(files, wav(4, 16_384), 'audio/wav');
    expect(media.durationMs).toBe(4000);
    expect(media.waveform).toHaveLength(64);
    expect([media.waveform?.[5], media.waveform?.[30]]).toEqual([0, 0]);
    expect(media.waveform?.[40]).toBeGreaterThan(30);
    const path = join(folder, 'v.wav');
    writeFileSync(path, wav(2, 9_000));
    const recorded = execFileSync('ffmpeg', ['-v', 'error', '-i', path, '-c:a', 'libopus', '-f', 'webm', '-']);
    rmSync(path);
    const voice = (await lookAt(files, recorded, 'audio/webm')).media;
    expect(Math.abs((voice.durationMs ?? 0) - 2000)).toBeLessThan(100);
    expect(voice.waveform?.length).toBe(64);
  });

  test.each([
    [
      'a playlist that names a file of the server',
      `#EXTM3U\n#EXTINF:1,\nfile:///etc/passwd\n#EXT-X-ENDLIST\n`,
      'video/mp4',
    ],
    ['a list of files', `ffconcat version 1.0\nfile '/etc/passwd'\n`, 'audio/ogg'],
    ['a film of which the beginning is there', '\0\0\0\x20ftypisom', 'video/mp4'],
    ['nothing at all', '', 'audio/mpeg'],
  ])('C15: %s is unreadable', async (_, text, type) => {
    await using files = await open();
    expect(await lookAt(files, Buffer.from(text, 'latin1'), type)).toEqual({
      media: { omitted: 'unreadable' },
      thumbnails: [],
    });
  });

  test('C16: a film of too many pixels is told to be one', async () => {
    const film = made('a.mp4', ...colours, '-c:v', 'mpeg4');
    await using small = await open({ maxPixels: 200_000 });
    expect((await lookAt(small, film, 'video/mp4')).media).toEqual({ omitted: 'too_large' });
  });
});

test('files that killed processes left are removed at the start, others stay; a folder that cannot be is an error', async () => {
  const [old, young] = [join(folder, 'old'), join(folder, 'young')];
  for (const path of [old, young]) writeFileSync(path, 'x');
  utimesSync(old, 0, 0);
  await using files = await open();
  expect(readdirSync(folder)).toEqual(['young']);
  {
    await using file = await files.open(piecesOf(Buffer.alloc(100_000, 'x')));
    await file.edited([{ from: 1, to: 3, bytes: Buffer.from('…') }]);
    expect(readdirSync(folder)).toHaveLength(3);
  }
  expect(readdirSync(folder)).toEqual(['young']);
  await expect(openMediaFiles({ folder: young, logger: silentLogger })).rejects.toMatchObject({
    code: 'config_invalid',
  });
});
