import type { FileScanner } from '@chasqui/ports';
import type { ScannerConfig } from '../config.ts';
import { createClamd } from './clamd.ts';
import { createHttpScanner } from './http-scanner.ts';

/** The scanner may be away; its calls then fail. */
export function createScanner(config: ScannerConfig): FileScanner {
  return 'url' in config ? createHttpScanner(config) : createClamd(config);
}
