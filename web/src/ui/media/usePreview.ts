// The address of a file that lies in this browser, for as long as a component shows it.

import { useEffect, useState } from 'react';

/** `load` must stay the same function for the same file. Null until it is there, or when there is nothing. */
export function usePreview(load: () => Promise<Blob | null>): string | null {
  const [address, setAddress] = useState<string | null>(null);
  useEffect(() => {
    let made: string | null = null;
    let over = false;
    load().then(
      (blob) => {
        if (over || blob === null) return;
        made = URL.createObjectURL(blob);
        setAddress(made);
      },
      () => undefined,
    );
    return () => {
      over = true;
      if (made !== null) URL.revokeObjectURL(made);
    };
  }, [load]);
  return address;
}
