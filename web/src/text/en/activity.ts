// Texts of `activity`: what one was notified of.

export default {
  title: 'Activity',
  mention: 'mentioned you',
  reply: 'replied',
  keyword: 'used one of your keywords',
  direct: 'wrote to you',
  message: 'wrote',
  unread: 'Not read yet',
  nothing: 'Nothing yet',
  nothingText: 'Mentions, replies and direct messages that you were notified of will be here.',
};
