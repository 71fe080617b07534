import { execFileSync } from 'node:child_process';
import { openAsBlob } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** Some seconds of noise, which does not compress; repeated as they are. */
const NOISE = ['-f', 'lavfi', '-i', 'color=gray:s=640x360:r=25:d=4,noise=alls=100:allf=t+u'];
const ENCODED = ['-c:v', 'libx264', '-preset', 'ultrafast', '-g', '25', '-b:v', '16M', '-minrate', '16M'];
const REPEATED = ['-stream_loop', '24', '-c', 'copy', '-movflags', '+faststart'];

/** A video of 100 s and some 200 MB, as a file of this machine until it is disposed. */
export async function largeVideo(): Promise<{ file: Blob } & AsyncDisposable> {
  const folder = await mkdtemp(join(tmpdir(), 'chasqui-video-'));
  const [part, whole] = [join(folder, 'part.mp4'), join(folder, 'whole.mp4')];
  const run = (...args: string[]) => execFileSync('ffmpeg', ['-v', 'error', '-y', ...args]);
  run(...NOISE, ...ENCODED, '-maxrate', '16M', '-bufsize', '4M', '-pix_fmt', 'yuv420p', part);
  run(...REPEATED.slice(0, 2), '-i', part, ...REPEATED.slice(2), whole);
  return {
    file: await openAsBlob(whole, { type: 'video/mp4' }),
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true }),
  };
}
