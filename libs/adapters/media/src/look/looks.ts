import { ImError, type MediaOmission, PICTURE_SIDES, type PictureSide, THUMBNAIL_SIZES } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { MediaLook } from '@chasqui/ports';
import type { MediaBounds } from './bounds.ts';
import type { Ffmpeg } from './ffmpeg.ts';
import { type AnySize, lookOf, type PictureJob } from './picture-job.ts';
import type { PictureProcess } from './picture-process.ts';
import { ScratchFile } from './scratch-file.ts';

export interface LooksOptions {
  /** Null: not installed. */
  pictures: Pick<PictureProcess, 'run'> | null;
  ffmpeg: Ffmpeg | null;
  bounds: MediaBounds;
  folder: string;
  logger: Logger;
}

/** Work of one kind, one after the other. */
class Line {
  #last: Promise<unknown> = Promise.resolve();
  #waiting = 0;

  run<T>(max: number, work: () => Promise<T>): Promise<T> {
    if (this.#waiting >= max) throw new ImError('overloaded', 'other files are looked at', { retryAfterMs: 1_000 });
    this.#waiting++;
    const done = this.#last.then(work).finally(() => this.#waiting--);
    this.#last = done.catch(() => {});
    return done;
  }
}

/** Looks into files: pictures in one line, videos and sounds in another, so that a long film keeps no picture waiting. */
export class Looks {
  readonly #options: LooksOptions;
  readonly #pictures = new Line();
  readonly #others = new Line();

  constructor(options: LooksOptions) {
    this.#options = options;
  }

  async look(file: ScratchFile, type: string): Promise<MediaLook> {
    const { ffmpeg, bounds } = this.#options;
    if (type.startsWith('image/')) return this.#picture(file, type);
    if (ffmpeg === null || !ffmpeg.knows(type)) return omitted('unavailable');
    return this.#others.run(bounds.maxWaiting, () =>
      this.#telling(type, () =>
        type.startsWith('audio/') ? this.#sound(ffmpeg, file, type) : this.#film(ffmpeg, file, type),
      ),
    );
  }

  squares(file: ScratchFile, type: string): Promise<MediaLook<PictureSide>> {
    return this.#decoded(file, type, { sizes: PICTURE_SIDES, shape: 'squares' });
  }

  async #picture(file: ScratchFile, type: string, isPoster = false): Promise<MediaLook> {
    const shape = isPoster ? 'poster' : 'picture';
    const { media, thumbnails } = await this.#decoded(file, type, { sizes: THUMBNAIL_SIZES, shape });
    const sizes = thumbnails.map(({ size }) => size);
    return { media: { ...media, ...(sizes.length > 0 && { thumbnails: sizes }) }, thumbnails };
  }

  async #decoded<Size extends AnySize>(
    file: ScratchFile,
    type: string,
    wanted: Pick<PictureJob<Size>, 'sizes' | 'shape'>,
  ): Promise<MediaLook<Size>> {
    const { pictures, bounds } = this.#options;
    const { maxPixels, maxPictureBytes, maxWaiting } = bounds;
    // HEIC is compressed as nobody may decode it without a licence; of the others there is no decoder either.
    if (pictures === null || !/^image\/(?:jpeg|png|webp|gif|avif)$/.test(type)) return omitted('unavailable');
    if (file.size > maxPictureBytes) return omitted('too_large');
    const job: PictureJob<Size> = { path: file.path, maxPixels, ...wanted };
    const look = async () => lookOf(await pictures.run(job as PictureJob<AnySize>), wanted.sizes);
    return this.#pictures.run(maxWaiting, () => this.#telling(type, look));
  }

  async #sound(ffmpeg: Ffmpeg, file: ScratchFile, type: string): Promise<MediaLook> {
    const { durationMs } = await ffmpeg.facts(file.path, type);
    // A recording of a browser does not say how long it is. One that is too long has a duration alone.
    const heard = await ffmpeg.heard(file.path, type).catch((error: unknown) => {
      if (durationMs === undefined) throw error;
      return {};
    });
    return { media: { ...(durationMs !== undefined && { durationMs }), ...heard }, thumbnails: [] };
  }

  async #film(ffmpeg: Ffmpeg, file: ScratchFile, type: string): Promise<MediaLook> {
    const { isTooLarge, ...facts } = await ffmpeg.facts(file.path, type);
    if (isTooLarge) return omitted('too_large');
    if (facts.width === undefined) return { media: facts, thumbnails: [] };
    const png = await ffmpeg.poster(file.path, type, facts.durationMs ?? 0);
    await using poster = await ScratchFile.write(this.#options.folder, piecesOf(png));
    const { media, thumbnails } = await this.#picture(poster, 'image/png', true);
    const { thumbHash, thumbnails: sizes } = media;
    return {
      media: {
        ...facts,
        ...(thumbHash !== undefined && { thumbHash }),
        ...(sizes !== undefined && { thumbnails: sizes }),
      },
      thumbnails,
    };
  }

  /** A failure is told of the file, and no error. */
  async #telling<Look extends MediaLook<AnySize>>(type: string, look: () => Promise<Look>): Promise<Look | Omitted> {
    try {
      return await look();
    } catch (error) {
      if (error instanceof ImError && error.code !== 'internal') throw error;
      this.#options.logger.warn({ err: error, type }, 'a file could not be looked into');
      return omitted(/ms$|SIG|ended: 1[34]\d/.test((error as Error).message) ? 'timed_out' : 'unreadable');
    }
  }
}

type Omitted = MediaLook<never>;

function omitted(why: MediaOmission): Omitted {
  return { media: { omitted: why }, thumbnails: [] };
}

async function* piecesOf(bytes: Uint8Array): AsyncGenerator<Uint8Array> {
  yield bytes;
}
