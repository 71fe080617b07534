import { saveAddress } from './save-address.ts';

/** A browser begins to read the address of a download at once, but not in the same turn. */
const READ_MS = 60_000;

/** Gives the browser a file to save. As it has no type that is shown, it opens nowhere. */
export function saveBlob(blob: Blob, name: string): void {
  const address = URL.createObjectURL(new Blob([blob], { type: 'application/octet-stream' }));
  saveAddress(address, name);
  setTimeout(() => URL.revokeObjectURL(address), READ_MS);
}
