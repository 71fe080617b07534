/** What is used of the element that plays. */
export interface Played {
  currentTime: number;
  readonly paused: boolean;
  readonly error: { readonly code: number } | null;
  play(): Promise<void>;
}

/** Addresses in a row that played nothing, before the file is taken for one that the browser cannot play. */
const MAX_TRIES = 3;
/** `MediaError.MEDIA_ERR_DECODE`. */
const CANNOT_DECODE = 3;
/** Seconds that must have played for an address to count as good. */
const PROGRESS_S = 1;

/** Goes on playing under another address where an earlier one has ended. */
export class ResumingPlayer {
  #at = 0;
  #wasPlaying = false;
  #tries = 0;

  /** Whether another address may help, after an error. */
  mayGoOn({ currentTime, paused, error }: Played): boolean {
    if (error?.code === CANNOT_DECODE) return false;
    if (Math.abs(currentTime - this.#at) > PROGRESS_S) this.#tries = 0;
    this.#at = currentTime;
    this.#wasPlaying = !paused;
    return ++this.#tries < MAX_TRIES;
  }

  /** The element has what it needs to go on. */
  goOn(element: Played): void {
    if (this.#at > 0) element.currentTime = this.#at;
    if (this.#wasPlaying) void element.play().catch(() => undefined);
  }
}
