// Texts of `install`: the app as an installed program.

export default {
  update: 'Eine neue Version ist bereit.',
  reload: 'Neu laden',
  install: 'LaserChat installieren',
  skipToContent: 'Zum Inhalt springen',
  skipToList: 'Zu den Unterhaltungen springen',
};
