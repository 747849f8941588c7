// Texts of `install`: the app as an installed program.

export default {
  update: 'A new version is ready.',
  reload: 'Reload',
  install: 'Install LaserChat',
  skipToContent: 'Skip to the content',
  skipToList: 'Skip to the conversations',
};
