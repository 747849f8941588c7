// Asks for colours when a block of code is shown, and has none until they are there.

import { useEffect, useState } from 'react';
import type { Root } from 'hast';

/** Colouring a longer text takes longer than it helps. */
const MOST_CHARACTERS = 20_000;

export function useHighlight(code: string, language: string | null): Root | null {
  const [coloured, setColoured] = useState<{ code: string; language: string; tree: Root | null } | null>(null);
  useEffect(() => {
    if (!language || code.length > MOST_CHARACTERS) return undefined;
    let wanted = true;
    import('./highlight').then(
      ({ highlight }) => {
        if (wanted) setColoured({ code, language, tree: highlight(code, language) });
      },
      () => {
        // Without a connection the code stays in one colour.
      },
    );
    return () => {
      wanted = false;
    };
  }, [code, language]);
  return coloured && coloured.code === code && coloured.language === language ? coloured.tree : null;
}
