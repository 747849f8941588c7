// The texts of this language that the first page needs: the list and an open conversation.

import common from './common';
import conversations from './conversations';
import header from './header';
import timeline from './timeline';
import message from './message';
import composer from './composer';
import thread from './thread';
import reaction from './reaction';
import markdown from './markdown';
import connection from './connection';
import install from './install';

export default {
  common,
  conversations,
  header,
  timeline,
  message,
  composer,
  thread,
  reaction,
  markdown,
  connection,
  install,
};
