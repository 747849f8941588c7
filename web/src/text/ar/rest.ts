// The texts of this language that everything else needs: loaded with it, or when the first page stands.

import error from './error';
import auth from './auth';
import contact from './contact';
import conversation from './conversation';
import emoji from './emoji';
import profile from './profile';
import settings from './settings';
import admin from './admin';
import switcher from './switcher';
import shortcuts from './shortcuts';
import invitation from './invitation';

export default {
  error,
  auth,
  contact,
  conversation,
  emoji,
  profile,
  settings,
  admin,
  switcher,
  shortcuts,
  invitation,
};
