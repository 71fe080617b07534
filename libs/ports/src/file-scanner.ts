/** What a scanner says of a file. `too_large`: it does not scan files of this size. */
export type ScanVerdict = { result: 'clean' | 'too_large' } | { result: 'infected'; name: string };

/** Asks a program that knows viruses about files. */
export interface FileScanner extends AsyncDisposable {
  /**
   * Reads the pieces no faster than the scanner takes them. Errors: `engine_unavailable` if it does not answer in time,
   * or not as it should; those of the pieces.
   */
  scan(pieces: AsyncIterable<Uint8Array>, size: number): Promise<ScanVerdict>;
  /** Resolves if the scanner answers now. Errors: `engine_unavailable`. */
  ping(): Promise<void>;
}
