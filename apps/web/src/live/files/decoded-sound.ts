import { waveformOf } from '../../model/files/waveform.ts';

/** What is in a sound. */
export interface SoundFacts {
  seconds: number;
  waveform: readonly number[];
}

/** Larger sounds take too much memory when they are decoded: some 2 MB for each minute. */
const MAX_BYTES = 4 * 1024 * 1024;

/** How long and how loud a sound is. Undefined: it is too large to be decoded, or cannot be. */
export async function decodedSound(blob: Blob): Promise<SoundFacts | undefined> {
  if (blob.size > MAX_BYTES) return undefined;
  try {
    const decoder = new OfflineAudioContext(1, 1, 8_000);
    const { duration, ...sound } = await decoded(decoder, await blob.arrayBuffer());
    return { seconds: duration, waveform: waveformOf(sound.samples) };
  } catch {
    return undefined;
  }
}

async function decoded(decoder: OfflineAudioContext, bytes: ArrayBuffer) {
  const sound = await decoder.decodeAudioData(bytes);
  return { duration: sound.duration, samples: sound.getChannelData(0) };
}
