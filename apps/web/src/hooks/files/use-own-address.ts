import { useEffect, useState } from 'react';

/** The address of a file of this device; empty until it has one, which is valid as long as the component is there. */
export function useOwnAddress(blob: Blob): string {
  const [address, setAddress] = useState('');
  useEffect(() => {
    const made = URL.createObjectURL(blob);
    setAddress(made);
    return () => URL.revokeObjectURL(made);
  }, [blob]);
  return address;
}
