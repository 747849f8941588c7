// What a token may do, in words.

import type { TextKey } from '@/lib/text';
import type { Scope } from '@/protocol.gen';

export const scopeText: Record<Scope, TextKey> = {
  read: 'settings.scopeRead',
  write: 'settings.scopeWrite',
  manage: 'settings.scopeManage',
  account: 'settings.scopeAccount',
  admin: 'settings.scopeAdmin',
};
