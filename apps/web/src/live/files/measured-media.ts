import type { MediaFacts } from '@chasqui/domain';
import { kindOfType } from '../../model/files/file-kind.ts';
import { decodedSound } from './decoded-sound.ts';

/** Larger pictures are decoded by the server alone. */
const MAX_PICTURE_BYTES = 30 * 1024 * 1024;
/** A browser that cannot read a video may say so late, or never. */
const VIDEO_MS = 5_000;

/**
 * What the page announces of a file of this device, so that its place on the screens of others has the right size where
 * the server does not measure it. Undefined: nothing that it can read.
 */
export async function measuredMedia(file: File): Promise<MediaFacts | undefined> {
  try {
    const kind = kindOfType(file.type);
    if (kind === 'picture') return file.size > MAX_PICTURE_BYTES ? undefined : await ofPicture(file);
    if (kind === 'video') return await ofVideo(file);
    return kind === 'sound' ? await ofSound(file) : undefined;
  } catch {
    return undefined;
  }
}

async function ofPicture(file: File): Promise<MediaFacts> {
  // As the camera was held: that is the browser's default.
  const bitmap = await createImageBitmap(file);
  const { width, height } = bitmap;
  bitmap.close();
  return { width, height };
}

async function ofSound(file: File): Promise<MediaFacts | undefined> {
  const found = await decodedSound(file);
  if (found === undefined || found.waveform.length === 0) return undefined;
  return { durationMs: Math.round(found.seconds * 1000), waveform: found.waveform };
}

async function ofVideo(file: File): Promise<MediaFacts | undefined> {
  const address = URL.createObjectURL(file);
  const video = document.createElement('video');
  try {
    const loaded = new Promise<boolean>((resolve) => {
      video.addEventListener('loadedmetadata', () => resolve(true));
      video.addEventListener('error', () => resolve(false));
      setTimeout(resolve, VIDEO_MS, false);
    });
    video.preload = 'metadata';
    video.src = address;
    const { videoWidth: width, videoHeight: height, duration } = (await loaded) ? video : { duration: 0 };
    if (!width || !height) return undefined;
    return { width, height, ...(Number.isFinite(duration) && { durationMs: Math.round(duration * 1000) }) };
  } finally {
    video.removeAttribute('src');
    URL.revokeObjectURL(address);
  }
}
