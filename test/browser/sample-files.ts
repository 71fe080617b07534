import type { Page } from 'playwright-core';

/** A file as `setInputFiles` takes it. */
export interface SampleFile {
  name: string;
  mimeType: string;
  buffer: Buffer;
}

/** A PNG of this size, drawn by the browser; each has another colour. */
export async function picture(page: Page, name: string, width: number, height: number): Promise<SampleFile> {
  const bytes = await page.evaluate(
    async ([name, width, height]) => {
      const canvas = new OffscreenCanvas(width, height);
      const context = canvas.getContext('2d');
      if (context === null) throw new Error('there is no canvas');
      const hue = [...name].reduce((sum, letter) => sum + letter.charCodeAt(0) * 37, 0) % 360;
      context.fillStyle = `hsl(${hue} 60% 45%)`;
      context.fillRect(0, 0, width, height);
      context.fillStyle = '#fff9';
      context.fillRect(width / 4, height / 4, width / 2, height / 2);
      const blob = await canvas.convertToBlob({ type: 'image/png' });
      return [...new Uint8Array(await blob.arrayBuffer())];
    },
    [name, width, height] as const,
  );
  return { name, mimeType: 'image/png', buffer: Buffer.from(bytes) };
}

export function textFile(name: string, text: string, mimeType = 'text/plain'): SampleFile {
  return { name, mimeType, buffer: Buffer.from(text) };
}

/** Bytes of no known type, which do not repeat. */
export function largeFile(name: string, bytes: number): SampleFile {
  const buffer = Buffer.alloc(bytes);
  for (let i = 0; i < bytes; i += 4) buffer.writeUInt32LE((i * 2_654_435_761) >>> 0, Math.min(i, bytes - 4));
  return { name, mimeType: 'application/octet-stream', buffer };
}
