// Does something that may be refused, and says in a short note what came of it.

import { errorText } from '@/lib/error';
import { toast } from './toast';

/** Whether it was carried out. `said` is left out where success shows by itself. */
export async function attempt(work: Promise<unknown>, said?: string): Promise<boolean> {
  try {
    await work;
  } catch (problem) {
    toast(errorText(problem), { kind: 'problem' });
    return false;
  }
  if (said !== undefined) toast(said);
  return true;
}
