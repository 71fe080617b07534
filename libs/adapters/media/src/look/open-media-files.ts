import { mkdir, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { ImError } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { MediaFiles } from '@chasqui/ports';
import { DEFAULT_MEDIA_BOUNDS, type MediaBounds } from './bounds.ts';
import { Ffmpeg } from './ffmpeg.ts';
import { Looks } from './looks.ts';
import { missingPackage, PictureProcess } from './picture-process.ts';
import { programPath } from './program-path.ts';
import { Sandbox } from './sandbox.ts';
import { ScratchFile } from './scratch-file.ts';

export interface MediaFilesOptions {
  /** For copies of what is looked at; on a disk with room for a few of the largest uploads. */
  folder: string;
  logger: Logger;
  bounds?: Partial<MediaBounds>;
}

/** Files that killed processes left are older than that. */
const OLD_MS = 6 * 3600 * 1000;

/**
 * Copies of uploads in a folder, looked at by processes of their own: pictures by sharp, videos and sounds by ffmpeg,
 * where these are installed; the log says what is missing. Errors: `config_invalid` if the folder cannot be used.
 */
export async function openMediaFiles({ folder, logger, bounds }: MediaFilesOptions): Promise<MediaFiles> {
  try {
    await mkdir(folder, { recursive: true, mode: 0o700 });
    await removeOld(folder);
  } catch (error) {
    throw new ImError('config_invalid', `the scratch folder of media cannot be used: ${folder}`, {}, error);
  }
  const all = { ...DEFAULT_MEDIA_BOUNDS, ...bounds };
  const sandbox = new Sandbox();
  const missing = missingPackage();
  const pictures =
    missing === null
      ? new PictureProcess({
          ...{ sandbox, logger, memoryBytes: all.pictureMemoryBytes, timeoutMs: all.pictureTimeoutMs },
          ...{ maxJobs: all.maxJobs, idleMs: all.idleMs },
        })
      : null;
  const timeoutMs = all.ffmpegTimeoutMs;
  const run = { sandbox, timeoutMs, memoryBytes: all.ffmpegMemoryBytes, cpuS: Math.ceil(timeoutMs / 1000) };
  const [decoder, prober] = [programPath('ffmpeg'), programPath('ffprobe')];
  const ffmpeg = decoder && prober ? new Ffmpeg({ ffmpeg: decoder, ffprobe: prober }, run, all.maxPixels) : null;
  if (missing !== null)
    logger.warn({ missing }, 'pictures get no thumbnails, and users and groups no pictures: a package is missing');
  if (ffmpeg === null) logger.info({ missing: 'ffmpeg' }, 'of videos and sounds, readers get what clients announce');
  if (sandbox.missing.length > 0) logger.warn({ missing: sandbox.missing }, 'pictures and videos are decoded without');
  const looks = new Looks({ pictures, ffmpeg, bounds: all, folder, logger });
  return {
    hasPictures: pictures !== null,
    async open(pieces) {
      const file = await ScratchFile.write(folder, pieces);
      const look = (type: string) => looks.look(file, type);
      return Object.assign(file, { look, squares: (type: string) => looks.squares(file, type) });
    },
    async [Symbol.asyncDispose]() {
      await pictures?.[Symbol.asyncDispose]();
    },
  };
}

/** A file that another process looks at now is younger. */
async function removeOld(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const path = join(folder, name);
    const found = await stat(path).catch(() => null);
    if (found !== null && found.mtimeMs < Date.now() - OLD_MS) await rm(path, { force: true });
  }
}
