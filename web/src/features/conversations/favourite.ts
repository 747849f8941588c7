// Putting a conversation among the favourites, or taking it out.

import { actions } from '@/sync';
import { complain } from '@/ui';

export function setFavourite(id: string, favourite: boolean): void {
  void actions.updateMembership(id, { favourite }).catch(complain);
}
