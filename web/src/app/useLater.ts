// What waits until the first page stands: the rest of the texts, and what lies over the page.

import { usePrepared } from '@/lib/later';
import { restOfText } from '@/lib/text';
import { loadLayers, loadSwitcher } from './pages';

// What is typed into at once when it opens is loaded before: keys must not go elsewhere while it is on its way.
const load = () => Promise.all([restOfText(), loadLayers(), loadSwitcher()]);

export function useLater(): void {
  usePrepared(load);
}
