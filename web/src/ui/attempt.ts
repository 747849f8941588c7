// Does something that may be refused, and says in a short note what came of it.

import { errorText } from '@/lib/error';
import { restOfText } from '@/lib/text';
import { toast } from './toast';

/** Says in a short note why something did not work. The words for it may have to be loaded. */
export function complain(problem: unknown): void {
  const say = () => toast(errorText(problem), { kind: 'problem' });
  // Where they cannot be loaded, the first page has words that always hold.
  restOfText().then(say, say);
}

/** Whether it was carried out. `said` is left out where success shows by itself. */
export async function attempt(work: Promise<unknown>, said?: string): Promise<boolean> {
  try {
    await work;
  } catch (problem) {
    complain(problem);
    return false;
  }
  if (said !== undefined) toast(said);
  return true;
}
