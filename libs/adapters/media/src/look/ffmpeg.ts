import type { MediaFacts } from '@chasqui/domain';
import { MEDIA_LIMITS } from '@chasqui/domain';
import { outputOf, type RunBounds, runBounded } from './bounded-run.ts';
import { Waveform } from './waveform.ts';

/** The demuxer of each type: named, so that no file is taken for a playlist, which would have others opened. */
const DEMUXERS: { readonly [type: string]: string } = {
  'video/mp4': 'mov',
  'video/quicktime': 'mov',
  'audio/mp4': 'mov',
  'video/webm': 'matroska',
  'audio/webm': 'matroska',
  'video/x-matroska': 'matroska',
  'video/x-msvideo': 'avi',
  'audio/mpeg': 'mp3',
  'audio/aac': 'aac',
  'audio/flac': 'flac',
  'audio/ogg': 'ogg',
  'audio/wav': 'wav',
  'audio/amr': 'amr',
};
const MAX_PROBE_BYTES = 256 * 1024;
const MAX_POSTER_BYTES = 16 * 1024 * 1024;
/** Samples of a waveform in a second. */
const RATE = 4_000;
/** Sounds are heard to the end up to this length, seconds. */
const MAX_HEARD_S = 4 * 3600;
const POSTER_SIDE = 1280;

interface Probed {
  format?: { duration?: string };
  streams?: readonly {
    codec_type?: string;
    width?: number;
    height?: number;
    duration?: string;
    disposition?: { attached_pic?: number };
    side_data_list?: readonly { rotation?: number }[];
  }[];
}

/** What ffmpeg tells of videos and sounds. It opens the one file and nothing else. */
export class Ffmpeg {
  readonly #programs: { ffmpeg: string; ffprobe: string };
  readonly #bounds: RunBounds;
  readonly #maxPixels: number;

  /** `programs`: their whole paths. */
  constructor(programs: { ffmpeg: string; ffprobe: string }, bounds: RunBounds, maxPixels: number) {
    this.#programs = programs;
    this.#bounds = bounds;
    this.#maxPixels = maxPixels;
  }

  /** Whether the type can be looked into. */
  knows(type: string): boolean {
    return type in DEMUXERS;
  }

  /** Sides and duration by what the file says of itself. Errors: it cannot be read. */
  async facts(path: string, type: string): Promise<MediaFacts & { isTooLarge: boolean }> {
    const asked = [
      '-show_entries',
      'format=duration:stream=codec_type,width,height,duration:stream_disposition:stream_side_data',
    ];
    const command = [this.#programs.ffprobe, '-v', 'error', ...this.#input(path, type), ...asked, '-of', 'json'];
    const { format = {}, streams = [] } = JSON.parse(
      (await outputOf(command, this.#bounds, MAX_PROBE_BYTES)).toString(),
    ) as Probed;
    const film = streams.find((each) => each.codec_type === 'video' && each.disposition?.attached_pic !== 1);
    if (film === undefined && !streams.some((each) => each.codec_type === 'audio')) throw new Error('nothing to show');
    const durationMs = Math.round(Number(format.duration ?? film?.duration) * 1000);
    const hasDuration = durationMs >= 0 && durationMs <= MEDIA_LIMITS.maxDurationMs;
    const { width = 0, height = 0, side_data_list = [] } = film ?? {};
    const isTurned = side_data_list.some(({ rotation = 0 }) => Math.abs(rotation) % 180 === 90);
    const hasSides = [width, height].every((side) => side >= 1 && side <= MEDIA_LIMITS.maxSide);
    return {
      ...(hasSides && (isTurned ? { width: height, height: width } : { width, height })),
      ...(hasDuration && { durationMs }),
      isTooLarge: width * height > this.#maxPixels,
    };
  }

  /** A picture of a video, turned as it is shown: PNG. */
  poster(path: string, type: string, durationMs: number): Promise<Buffer> {
    // Not the first one, which is often black.
    const at = (Math.min(1_000, durationMs / 10) / 1000).toFixed(3);
    const scaled = `scale=w='min(${POSTER_SIDE},iw)':h='min(${POSTER_SIDE},ih)':force_original_aspect_ratio=decrease`;
    const made = ['-an', '-sn', '-dn', '-frames:v', '1', '-vf', scaled, '-f', 'image2pipe', '-c:v', 'png', 'pipe:1'];
    const pixels = ['-max_pixels', String(this.#maxPixels), '-threads', '1'];
    const command = [
      this.#programs.ffmpeg,
      '-v',
      'error',
      '-nostdin',
      '-ss',
      at,
      ...pixels,
      ...this.#input(path, type),
      ...made,
    ];
    return outputOf(command, this.#bounds, MAX_POSTER_BYTES);
  }

  /** How loud a sound is, and how long, by decoding all of it. */
  async heard(path: string, type: string): Promise<MediaFacts> {
    const waveform = new Waveform(RATE);
    const made = [
      '-vn',
      '-sn',
      '-dn',
      '-ac',
      '1',
      '-ar',
      String(RATE),
      '-t',
      String(MAX_HEARD_S),
      '-f',
      's16le',
      'pipe:1',
    ];
    const command = [
      this.#programs.ffmpeg,
      '-v',
      'error',
      '-nostdin',
      '-threads',
      '1',
      ...this.#input(path, type),
      ...made,
    ];
    await runBounded(command, this.#bounds, (bytes) => waveform.add(bytes));
    return waveform.facts();
  }

  #input(path: string, type: string): string[] {
    return ['-protocol_whitelist', 'file', '-f', DEMUXERS[type] ?? '', '-i', `file:${path}`];
  }
}
