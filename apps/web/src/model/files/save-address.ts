/** Gives the browser an address to save what is there. Of another origin, its answer must say that it is to be saved. */
export function saveAddress(address: string, name: string): void {
  const link = document.createElement('a');
  link.href = address;
  link.download = name;
  link.rel = 'noreferrer';
  link.click();
}
