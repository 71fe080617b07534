import type { ChosenFile } from '../../model/files/chosen-files.ts';
import { recordedFile, recordingType } from '../../model/files/recording-type.ts';
import { waveformOf } from '../../model/files/waveform.ts';
import { newKey } from '../../model/new-key.ts';
import { Store } from '../../store.ts';

/** A recording ends by itself after an hour. */
const MAX_MS = 3_600_000;
const LEVEL_MS = 100;
/** Of speech: some 4 kB a second. */
const BITS_PER_SECOND = 32_000;

export interface RecordingState {
  seconds: number;
  /** How loud it has been, 0–1, every tenth of a second. */
  levels: readonly number[];
}

/** Whether this page may record: browsers allow it over HTTPS, and from this machine. */
export function canRecord(): boolean {
  return 'MediaRecorder' in globalThis && navigator.mediaDevices !== undefined && type() !== undefined;
}

/** Asks the user for the microphone. Rejects if there is none, or it is denied. */
export async function startRecording(): Promise<VoiceRecording> {
  const stream = await navigator.mediaDevices.getUserMedia({
    audio: { echoCancellation: true, noiseSuppression: true },
  });
  try {
    return new VoiceRecording(stream);
  } catch (error) {
    stopStream(stream);
    throw error;
  }
}

/** A voice that is being recorded. */
export class VoiceRecording extends Store<RecordingState> {
  readonly #stream: MediaStream;
  readonly #recorder: MediaRecorder;
  readonly #sound = new AudioContext();
  readonly #startedAt = performance.now();
  readonly #pieces: Blob[] = [];
  readonly #timer: ReturnType<typeof setInterval>;
  readonly #ended: Promise<void>;

  constructor(stream: MediaStream) {
    super({ seconds: 0, levels: [] });
    const mimeType = type();
    this.#stream = stream;
    this.#recorder = new MediaRecorder(stream, {
      audioBitsPerSecond: BITS_PER_SECOND,
      ...(mimeType === undefined ? {} : { mimeType }),
    });
    this.#ended = new Promise((resolve) => this.#recorder.addEventListener('stop', () => resolve()));
    this.#recorder.addEventListener('dataavailable', ({ data }) => this.#pieces.push(data));
    const analyser = this.#sound.createAnalyser();
    this.#sound.createMediaStreamSource(stream).connect(analyser);
    const samples = new Float32Array(analyser.fftSize);
    this.#timer = setInterval(() => {
      analyser.getFloatTimeDomainData(samples);
      const level = samples.reduce((loudest, sample) => Math.max(loudest, Math.abs(sample)), 0);
      const ms = performance.now() - this.#startedAt;
      this.set({ seconds: ms / 1000, levels: [...this.get().levels, Math.min(1, level)] });
      if (ms > MAX_MS) this.#end();
    }, LEVEL_MS);
    this.#recorder.start();
  }

  /** The recording as a file to send. */
  async finish(): Promise<ChosenFile> {
    const { seconds, levels } = this.get();
    this.#end();
    await this.#ended;
    const file = recordedFile(new Blob(this.#pieces, { type: this.#recorder.mimeType }), new Date());
    const waveform = waveformOf(levels);
    return {
      key: newKey(),
      file,
      media: { durationMs: Math.round(seconds * 1000), ...(waveform.length > 0 && { waveform }) },
    };
  }

  cancel(): void {
    this.#end();
  }

  #end(): void {
    clearInterval(this.#timer);
    if (this.#recorder.state !== 'inactive') this.#recorder.stop();
    stopStream(this.#stream);
    if (this.#sound.state !== 'closed') void this.#sound.close();
  }
}

function type(): string | undefined {
  return recordingType((one) => MediaRecorder.isTypeSupported(one));
}

/** The browser shows no longer that the page hears. */
function stopStream(stream: MediaStream): void {
  for (const track of stream.getTracks()) track.stop();
}
