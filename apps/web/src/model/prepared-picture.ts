import { MOMENT_LIMITS } from '@chasqui/domain';

/** The maximum of the longer side of a sent picture, in pixels. */
const MAX_SIDE = 2_048;
const QUALITY = 0.85;

/**
 * Redraws a picture for sending, no larger than a screen shows. This removes the camera's metadata, such as the place.
 * Animations stay unchanged. Null: not a picture, or too large.
 */
export async function preparedPicture(file: File): Promise<Blob | null> {
  const prepared = file.type === 'image/gif' ? file : await redrawn(file).catch(() => null);
  return prepared !== null && prepared.size <= MOMENT_LIMITS.maxPictureBytes ? prepared : null;
}

async function redrawn(file: File): Promise<Blob> {
  const bitmap = await createImageBitmap(file);
  const scale = Math.min(1, MAX_SIDE / Math.max(bitmap.width, bitmap.height));
  const [width, height] = [
    Math.max(1, Math.round(bitmap.width * scale)),
    Math.max(1, Math.round(bitmap.height * scale)),
  ];
  const canvas = new OffscreenCanvas(width, height);
  canvas.getContext('2d')?.drawImage(bitmap, 0, 0, width, height);
  bitmap.close();
  // PNG supports transparency, JPEG does not.
  return canvas.convertToBlob(
    file.type === 'image/png' ? { type: 'image/png' } : { type: 'image/jpeg', quality: QUALITY },
  );
}
