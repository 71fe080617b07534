export { DEFAULT_MEDIA_BOUNDS, type MediaBounds } from './look/bounds.ts';
export { type MediaFilesOptions, openMediaFiles } from './look/open-media-files.ts';
export { createScanner } from './scan/create-scanner.ts';
