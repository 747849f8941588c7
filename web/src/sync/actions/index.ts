// All actions, one file per noun.

import type { Actions } from '../contract';
import { aroundActions } from './around';
import { contactActions } from './contact';
import type { Context } from './context';
import { conversationActions } from './conversation';
import { cursorActions } from './cursor';
import { memberActions } from './member';
import { messageActions } from './message';
import { pinActions } from './pin';
import { profileActions } from './profile';
import { reactionActions } from './reaction';

export function allActions(context: Context): Omit<Actions, 'signIn' | 'signOut'> {
  return {
    ...aroundActions(context),
    ...contactActions(context),
    ...conversationActions(context),
    ...cursorActions(context),
    ...memberActions(context),
    ...messageActions(context),
    ...pinActions(context),
    ...profileActions(context),
    ...reactionActions(context),
  };
}
