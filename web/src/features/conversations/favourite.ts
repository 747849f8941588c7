// Putting a conversation among the favourites, or taking it out.

import { errorText } from '@/lib/error';
import { actions } from '@/sync';
import { toast } from '@/ui';

export function setFavourite(id: string, favourite: boolean): void {
  void actions
    .updateMembership(id, { favourite })
    .catch((problem: unknown) => toast(errorText(problem), { kind: 'problem' }));
}
