// All texts of this language by noun.

import common from './common';
import auth from './auth';
import conversations from './conversations';
import contact from './contact';
import conversation from './conversation';
import timeline from './timeline';
import message from './message';
import composer from './composer';
import thread from './thread';
import reaction from './reaction';
import emoji from './emoji';
import markdown from './markdown';
import profile from './profile';
import settings from './settings';
import admin from './admin';
import switcher from './switcher';
import shortcuts from './shortcuts';
import connection from './connection';
import install from './install';
import invitation from './invitation';
import error from './error';

export default {
  common,
  auth,
  conversations,
  contact,
  conversation,
  timeline,
  message,
  composer,
  thread,
  reaction,
  emoji,
  markdown,
  profile,
  settings,
  admin,
  switcher,
  shortcuts,
  connection,
  install,
  invitation,
  error,
};
