// The texts of this language that everything else needs: loaded with it, or when the first page stands.

import error from './error';
import auth from './auth';
import contact from './contact';
import conversation from './conversation';
import emoji from './emoji';
import file from './file';
import profile from './profile';
import settings from './settings';
import admin from './admin';
import switcher from './switcher';
import shortcuts from './shortcuts';
import invitation from './invitation';
import search from './search';
import notify from './notify';
import activity from './activity';
import later from './later';
import scheduled from './scheduled';
import reminder from './reminder';
import saved from './saved';
import poll from './poll';
import emojis from './emojis';
import slash from './slash';
import preview from './preview';
import webhook from './webhook';
import data from './data';

export default {
  error,
  auth,
  contact,
  conversation,
  emoji,
  file,
  profile,
  settings,
  admin,
  switcher,
  shortcuts,
  invitation,
  search,
  notify,
  activity,
  later,
  scheduled,
  reminder,
  saved,
  poll,
  emojis,
  slash,
  preview,
  webhook,
  data,
};
