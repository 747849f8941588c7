// Texts of `install`: the app as an installed program.

export default {
  update: 'A new version is ready.',
  reload: 'Reload',
  later: 'Later',
  install: 'Install LaserChat',
  installHint: 'It opens in a window of its own and starts without a connection.',
  skipToContent: 'Skip to the content',
  skipToList: 'Skip to the conversations',
  notifyMany_one: '{{count}} new message',
  notifyMany_other: '{{count}} new messages',
};
